import type { FleetSpec } from "../config/fleet-spec.js";
import { resourcesOf } from "../config/tenant/parts.js";
import { fieldsOfOthers, type HeldField, type LiveObject } from "../lib/kubernetes/live-object.js";
import { FIELD_MANAGER, isManagedByFleet } from "../lib/kubernetes/ownership-labels.js";
import type { ExistingCluster } from "./cluster.js";

/** The syncs and sources of the stack that an operator suspended on the cluster. */
export interface Suspensions {
  /** Identities of the objects. */
  readonly suspended: ReadonlySet<string>;
  /** Sentences for the user: who suspended what, and what ends it. */
  readonly sentences: readonly string[];
}

/** Kinds of Flux, as `flux resume` names them. */
const resumed: Readonly<Record<string, string>> = {
  Kustomization: "kustomization",
  GitRepository: "source git",
  HelmRepository: "source helm",
  OCIRepository: "source oci",
  ImageRepository: "image repository",
  ImagePolicy: "image policy",
  ImageUpdateAutomation: "image update",
  Alert: "alert",
  Receiver: "receiver",
};

/**
 * The objects of Flux that another client than this program suspended, although no file does. That is an operator's
 * decision, so the update leaves it, and each one names it. A suspension by a tenant's file is no such decision.
 * @param isRegistered whether the program still registers the object. This update deletes the others
 *   @default - it registers all
 */
export function findSuspended(
  spec: Pick<FleetSpec, "tenants">,
  { objects }: ExistingCluster,
  isRegistered: (identity: string) => boolean = () => true,
): Suspensions {
  const byFile = new Set(
    spec.tenants.flatMap((tenant) => {
      const { syncs, sources } = resourcesOf(tenant);
      return [
        ...syncs.filter(({ sync }) => sync.suspend).map((sync) => place("Kustomization", sync)),
        ...sources.filter(({ suspend }) => suspend).map((source) => place("GitRepository", source)),
      ];
    }),
  );
  const found = [...objects].flatMap(([identity, object]) => {
    const [, kind = ""] = JSON.parse(identity) as string[];
    const holder = suspendedBy(object);
    if (!(kind in resumed) || holder === undefined || byFile.has(place(kind, object.metadata))) return [];
    if (!isRegistered(identity)) return [];
    return [{ identity, sentence: sentenceOf(kind, object, holder) }];
  });
  return {
    suspended: new Set(found.map(({ identity }) => identity)),
    sentences: found.map(({ sentence }) => sentence).sort(),
  };
}

function place(
  kind: string,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): string {
  return `${kind} ${namespace}/${name}`;
}

/** The client that suspended an object of fleet, if it is another than this program. */
function suspendedBy(object: LiveObject): HeldField | undefined {
  const { suspend } = (object.spec ?? {}) as { readonly suspend?: unknown };
  if (suspend !== true || !isManagedByFleet(object.metadata.labels)) return undefined;
  return fieldsOfOthers(object, FIELD_MANAGER).find(({ path }) => path.join(".") === "spec.suspend");
}

function sentenceOf(kind: string, { metadata: { name, namespace } }: LiveObject, { manager, time }: HeldField): string {
  const since = time === undefined ? "" : ` at ${time}`;
  return `The ${kind} ${name} in the namespace ${namespace} was suspended by ${manager}${since}, and no file suspends it. Flux neither applies nor reverts anything there until: flux --namespace ${namespace} resume ${resumed[kind]} ${name}`;
}
