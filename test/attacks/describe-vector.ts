import { type Attack, type Attempt, MEANS } from "./attack.js";

/**
 * With what an attack is really carried out. What Flux would apply of a push is sent to the API server as Flux sends it,
 * so that nothing waits for Flux; the files that it leads to are pushed.
 */
export function byWhat({ by }: Attack, attempt: Attempt): string {
  switch (attempt.kind) {
    case "sync":
      return Object.keys(attempt.files ?? {}).length === 0 ? applied : `${applied}, and a push of files`;
    case "deployment":
      return applied;
    case "alert":
    case "receiver":
      return MEANS.reconciler;
    case "push":
      return MEANS.push;
    case "request":
    case "git":
      return MEANS[by];
  }
}

const applied = `${MEANS.reconciler}, as Flux uses it`;
