import type { FleetSpec } from "../config/fleet-spec.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { isManagedByFleet, MANAGED_BY, MANAGED_BY_LABEL, STACK_LABEL } from "../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../lib/process/shell-word.js";
import type { StateIndex } from "../lib/state/stack-state.js";
import type { ExistingCluster } from "./cluster.js";
import { nameOf, resourceOf } from "./drift-words.js";
import { identityOf, type RegisteredObject, registered as registeredObject } from "./registered-object.js";

/** Objects of others with names that the program is about to register. */
interface TakenNames {
  readonly problems: readonly Problem[];
  /** Sentences for the user: names in tenants' namespaces that this update takes over. */
  readonly sentences: readonly string[];
}

/**
 * The objects of others that the update would overwrite: server-side apply by force asks for no consent. They are refused
 * on the cluster and in a namespace that was handed over with its content. In a namespace of the state they are named: a
 * tenant chooses names there, and could stop the updates of all.
 */
export function findTakenNames(
  { stack }: Pick<FleetSpec, "stack">,
  {
    cluster,
    state,
    registered,
  }: {
    readonly cluster: ExistingCluster;
    readonly state: Pick<StateIndex, "objects">;
    readonly registered: readonly RegisteredObject[];
  },
): TakenNames {
  const taken = registered.filter((one) => {
    const found = cluster.objects.get(identityOf(one));
    const isForeign = found !== undefined && !isManagedByFleet(found.metadata.labels);
    return one.kind !== "Namespace" && isForeign && !state.objects.has(identityOf(one));
  });
  const isInState = ({ metadata: { namespace } }: RegisteredObject) =>
    namespace !== undefined && state.objects.has(identityOf(registeredObject("core/v1:Namespace", namespace)));
  return {
    problems: taken.filter((one) => !isInState(one)).map((one) => refusalOf(one, stack)),
    sentences: taken.filter(isInState).map((one) => {
      return `This update takes over ${nameOf(one)}, which exists and is not in the stack's state: it overwrites the fields that it sets.`;
    }),
  };
}

function refusalOf(object: RegisteredObject, stack: string): Problem {
  const { name, namespace } = object.metadata;
  const place = namespace === undefined ? "" : ` --namespace ${shellWord(namespace)}`;
  const labels = `${MANAGED_BY_LABEL}=${MANAGED_BY} ${STACK_LABEL}=${stack}`;
  return {
    file: `Pulumi.${stack}.yaml`,
    path: "stack",
    message: `${nameOf(object)} exists, but fleet does not manage it: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
    fix: `Remove it, or let fleet overwrite it: kubectl${place} label ${resourceOf(object)} ${shellWord(name)} ${labels}`,
  };
}
