import type { FleetSpec } from "../config/fleet-spec.js";
import { imageUpdatesName } from "../config/tenant/image-automation/schema.js";
import { resourcesOf } from "../config/tenant/parts.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { fluxCliKinds } from "../lib/kubernetes/flux-cli-kind.js";
import { fieldsOfOthers, type HeldField, type LiveObject } from "../lib/kubernetes/live-object.js";
import { FIELD_MANAGER, isManagedByFleet } from "../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../lib/process/shell-word.js";
import type { ExistingCluster } from "./cluster.js";

/** The syncs and sources of the stack that an operator suspended on the cluster. */
export interface Suspensions {
  /** Identities of the objects. */
  readonly suspended: ReadonlySet<string>;
  /** Sentences for the user: who suspended what, and what ends it. */
  readonly sentences: readonly string[];
}

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
  const byFile = new Set(spec.tenants.flatMap(suspendedByFile));
  const found = [...objects].flatMap(([identity, object]) => {
    const [, kind = ""] = JSON.parse(identity) as string[];
    const holder = suspendedBy(object);
    if (!(kind in fluxCliKinds) || holder === undefined || byFile.has(place(kind, object.metadata))) return [];
    if (!isRegistered(identity)) return [];
    return [{ identity, sentence: sentenceOf(kind, object, holder) }];
  });
  return {
    suspended: new Set(found.map(({ identity }) => identity)),
    sentences: found.map(({ sentence }) => sentence).sort(),
  };
}

/** The objects that the files of a tenant suspend. Those that bring new versions stand still while the primary sync is frozen. */
function suspendedByFile(tenant: TenantSpec): string[] {
  const { syncs, sources } = resourcesOf(tenant);
  const { helm, namespaces, syncs: declared } = tenant;
  const inPrimary = (kind: string, name: string) => place(kind, { namespace: namespaces[0].name, name });
  const frozen = [
    ...Object.keys(helm.repositories).map((name) => inPrimary("HelmRepository", name)),
    ...Object.keys(helm.charts).map((name) => inPrimary("OCIRepository", name)),
    inPrimary("ImageUpdateAutomation", imageUpdatesName(tenant.name)),
  ];
  return [
    ...syncs.filter(({ sync }) => sync.suspend).map((sync) => place("Kustomization", sync)),
    ...sources.filter(({ suspend }) => suspend).map((source) => place("GitRepository", source)),
    ...(declared[0].freeze === undefined ? [] : frozen),
  ];
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

function sentenceOf(
  kind: string,
  { metadata: { name, namespace = "" } }: LiveObject,
  { manager, time }: HeldField,
): string {
  const since = time === undefined ? "" : ` at ${time}`;
  const resume = `flux --namespace ${shellWord(namespace)} resume ${fluxCliKinds[kind]} ${shellWord(name)}`;
  return `The ${kind} ${name} in the namespace ${namespace} was suspended by ${manager}${since}, and no file suspends it. ${effectOf(kind)} until: ${resume}`;
}

/** A sync goes on applying what its suspended source has fetched. */
function effectOf(kind: string): string {
  if (kind === "Kustomization") return "Flux neither applies nor reverts anything there";
  return kind.endsWith("Repository") ? "Flux fetches nothing new for it" : "Flux does nothing for it";
}
