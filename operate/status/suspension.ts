import { fieldsOfOthers, type LiveObject } from "../../lib/kubernetes/live-object.js";
import { FIELD_MANAGER } from "../../lib/kubernetes/ownership-labels.js";

/** The suspension of an object of Flux. */
export interface Suspension {
  /** Name of the client that suspended it, which it chooses itself: `flux`, `kubectl-edit`. */
  readonly by: string;
  /** Time of that client's last change of the object. @default - Kubernetes noted none */
  readonly since?: string | undefined;
  /** Whether a file of the stack suspends it. */
  readonly byFile: boolean;
}

/** The freeze of a sync: its source is suspended, and the sync goes on applying the fetched revision. */
export interface FreezeStatus extends Suspension {
  /** Last day, in UTC. @default - no file freezes the sync */
  readonly until?: string | undefined;
  /** @default - no file freezes the sync */
  readonly reason?: string | undefined;
}

/** The suspension of an object. Undefined when it is not suspended. @param byFile whether a file of the stack suspends it */
export function suspensionOf(object: LiveObject, byFile: boolean): Suspension | undefined {
  const { suspend } = (object.spec ?? {}) as { readonly suspend?: unknown };
  if (suspend !== true) return undefined;
  const holder = fieldsOfOthers(object, FIELD_MANAGER).find(({ path }) => path.join(".") === "spec.suspend");
  if (holder !== undefined) return { by: holder.manager, since: holder.time, byFile };
  const own = object.metadata.managedFields.find(({ manager, operation }) => {
    return manager === FIELD_MANAGER && operation === "Apply";
  });
  return { by: own === undefined ? "an unknown client" : FIELD_MANAGER, since: own?.time, byFile };
}
