import { type Attack, type Attempt, CREDENTIALS } from "./attack.js";

/**
 * Describes the vector of an attack: the credential that carries it out, and where it enters. Objects that Flux would apply
 * of a push are sent to the API server as Flux sends them, so that no test waits for Flux; files are pushed.
 */
export function describeVector({ by }: Attack, attempt: Attempt): string {
  switch (attempt.kind) {
    case "sync":
      return Object.keys(attempt.files ?? {}).length === 0 ? applied : `${applied}, and a push of files`;
    case "deployment":
      return applied;
    case "alert":
    case "receiver":
      return CREDENTIALS.reconciler;
    case "push":
      return CREDENTIALS.push;
    case "request":
    case "git":
      return CREDENTIALS[by];
  }
}

const applied = `${CREDENTIALS.reconciler}, as Flux uses it`;
