import type { RecordedResource } from "./state.js";

/** The parts of an update's time. */
export interface Phase {
  readonly what: string;
  readonly seconds: number;
}

/** Milestones of an update: each is over when the last resource of its types has been created. */
const milestones: readonly { readonly what: string; readonly until: (resource: RecordedResource) => boolean }[] = [
  {
    what: "Flux's objects, until its controllers are Ready",
    until: ({ type }) => type === "kubernetes:apps/v1:Deployment",
  },
  {
    what: "the platform's sync, until its infrastructure is Ready",
    until: ({ type, urn }) => type.endsWith(":Kustomization") && urn.includes("fleet:platform:Sync"),
  },
  { what: "tenants", until: ({ urn }) => urn.includes("fleet:tenant:Tenant$") },
];

/**
 * Splits an update that created everything, by the times that the engine noted in the state. Milestones that came out of
 * order count as nothing.
 * @param began and
 * @param ended the update's own, ms since 1970
 */
export function phasesOf(resources: readonly RecordedResource[], began: number, ended: number): Phase[] {
  const created = resources.flatMap((resource) =>
    resource.custom && resource.created !== undefined ? [{ resource, at: Date.parse(resource.created) }] : [],
  );
  const phases: Phase[] = [];
  let last = began;
  const add = (what: string, at: number): void => {
    phases.push({ what, seconds: Math.max(0, at - last) / 1000 });
    last = Math.max(last, at);
  };
  add(
    "before the first resource: the engine's own preview, program and plugins",
    Math.min(...created.map(({ at }) => at), ended),
  );
  for (const { what, until } of milestones) {
    add(what, Math.max(last, ...created.filter(({ resource }) => until(resource)).map(({ at }) => at)));
  }
  add("the engine's end", ended);
  return phases;
}
