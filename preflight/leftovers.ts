import type { FleetSpec } from "../config/fleet-spec.js";
import { compareVersions } from "../lib/data/compare-versions.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import type { LiveObject } from "../lib/kubernetes/live-object.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { FLUX_NAMESPACE, PART_OF_LABEL, TENANT_LABEL, VERSION_LABEL } from "../lib/kubernetes/ownership-labels.js";
import { shellWord } from "../lib/process/shell-word.js";
import { objectIdentity, type StackState } from "../lib/state/stack-state.js";
import type { ExistingCluster, StoredVersions } from "./cluster.js";
import { APPLIERS } from "./cluster-kinds.js";
import { installedFlux } from "./flux-version.js";

interface LeftoverArgs {
  readonly cluster: ExistingCluster;
  /** The objects of Flux, hardened. */
  readonly fluxObjects: readonly KubernetesObject[];
  /** The stack's state from before the update. @default - an empty one */
  readonly stackState?: StackState;
}

/**
 * Objects of a cluster that another installation left, or still uses: a second Flux, and stored versions that the pinned
 * Flux does not know. The update would fail in the middle, or have no effect.
 */
export function findLeftovers(spec: FleetSpec, { cluster, fluxObjects, stackState = {} }: LeftoverArgs): Problem[] {
  const objects = [...cluster.objects].map(([identity, object]) => {
    const [group = "", kind = ""] = JSON.parse(identity) as string[];
    return { group, kind, object };
  });
  return [
    ...secondFlux(
      spec,
      objects.filter(({ object }) => !isOfTenant(cluster, object)),
    ),
    ...lostDefinitions(spec, cluster),
    ...storedVersions(spec, cluster.storedVersions, {
      definitions: fluxObjects.filter(isDefinition),
      installed: installedFlux(stackState).at(-1),
    }),
  ];
}

interface Existing {
  readonly group: string;
  readonly kind: string;
  readonly object: LiveObject;
}

function problem({ stack }: Pick<FleetSpec, "stack">, message: string, fix: string): Problem {
  return { file: `Pulumi.${stack}.yaml`, path: "stack", message, fix };
}

/** Whether an object defines a kind. */
export function isDefinition({ kind }: KubernetesObject): boolean {
  return kind === "CustomResourceDefinition";
}

/** A tenant gives its objects any name and label. Its controllers run with its own rights, so they are no second Flux. */
function isOfTenant({ namespaces }: ExistingCluster, { metadata: { namespace = "" } }: LiveObject): boolean {
  return namespaces.get(namespace)?.labels[TENANT_LABEL] !== undefined;
}

/** A Flux that watches every namespace applies tenants' syncs as its own account, with the rights of that account. */
function secondFlux(spec: FleetSpec, objects: readonly Existing[]): Problem[] {
  const controllers = objects.filter(({ kind, object }) => {
    return kind === "Deployment" && object.metadata.namespace !== FLUX_NAMESPACE && watchesEverything(object);
  });
  const namespaces = new Set(controllers.map(({ object }) => String(object.metadata.namespace)));
  const operators = objects.filter(({ kind }) => kind === "FluxInstance");
  return [
    ...[...namespaces].sort().map((namespace) => {
      const names = controllers
        .filter(({ object }) => object.metadata.namespace === namespace)
        .map(({ object }) => object.metadata.name);
      return problem(
        spec,
        `another Flux watches every namespace of this cluster: ${names.sort().join(", ")} in the namespace ${namespace}. It applies the syncs of tenants without the restrictions of this one`,
        `Delete its controllers, which leaves everything that they applied: kubectl --namespace ${shellWord(namespace)} delete deployments --selector ${PART_OF_LABEL}=flux. Or limit them to their own namespace: --watch-all-namespaces=false`,
      );
    }),
    ...operators.map(
      ({
        object: {
          metadata: { name, namespace = "" },
        },
      }) =>
        problem(
          spec,
          `the FluxInstance ${namespace}/${name} lets the Flux Operator install Flux on this cluster, so two owners would write the same objects`,
          `Disable it, and then delete it with its controllers: kubectl --namespace ${shellWord(namespace)} annotate fluxinstance ${shellWord(name)} fluxcd.controlplane.io/reconcile=disabled`,
        ),
    ),
  ];
}

function watchesEverything({ metadata, spec }: LiveObject): boolean {
  if (!APPLIERS.includes(metadata.name)) return false;
  return !JSON.stringify(spec ?? {}).includes('"--watch-all-namespaces=false"');
}

/**
 * Names of the definitions of Flux whose stored versions must be read: those that the update creates or changes. Later
 * updates cannot meet an older version.
 */
export function changedDefinitions(definitions: readonly KubernetesObject[], state: StackState): string[] {
  const versions = new Map(
    Object.values(state).map(({ type, outputs }) => {
      const { labels = {} } = (outputs.metadata ?? {}) as Partial<LiveObject["metadata"]>;
      return [objectIdentity(type, outputs.metadata), labels[VERSION_LABEL]];
    }),
  );
  return definitions
    .filter(({ metadata }) => {
      const identity = objectIdentity(DEFINITION_TYPE, metadata);
      return !versions.has(identity) || versions.get(identity) !== metadata.labels?.[VERSION_LABEL];
    })
    .map(({ metadata: { name } }) => name);
}

const DEFINITION_TYPE = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/** The API server deleted every object of these kinds. The state has them, so Pulumi would see no change. */
function lostDefinitions(spec: FleetSpec, { lostDefinitions: names }: ExistingCluster): Problem[] {
  if (names.length === 0) return [];
  return [
    problem(
      spec,
      `the cluster does not have the CustomResourceDefinitions ${names.join(", ")}, which are in the stack's state: they were deleted, and with them every object of their kinds`,
      "Check KUBECONFIG. Then run pulumi refresh, and then pulumi up: it creates what is missing",
    ),
  ];
}

interface StoredArgs {
  readonly definitions: readonly KubernetesObject[];
  /** The newest version of Flux that the stack's state has. Undefined before the first update. */
  readonly installed: string | undefined;
}

/**
 * The definitions of which the cluster may hold objects that the pinned Flux cannot read. The program migrates none: the
 * objects are tenants', and status.storedVersions is the API server's and the migrator's, so a second owner would write
 * their fields.
 */
function storedVersions(spec: FleetSpec, stored: StoredVersions, { definitions, installed }: StoredArgs): Problem[] {
  const isDowngrade = installed !== undefined && compareVersions(installed, spec.flux.version) > 0;
  const unused = "If the cluster has no such objects, remove the version from status.storedVersions";
  return definitions.flatMap(({ metadata: { name }, spec: definition }) => {
    const { versions } = definition as { readonly versions: readonly { readonly name: string }[] };
    const unknown = (stored.get(name) ?? []).filter((version) => versions.every((one) => one.name !== version));
    if (unknown.length === 0) return [];
    const held = `the CustomResourceDefinition ${name} may hold objects in ${unknown.join(" and ")}, which Flux ${spec.flux.version} does not know`;
    if (isDowngrade) {
      const lost = `${held}: they would be lost to it, because Flux ${installed} stored them and no Flux writes them in an older version again`;
      return [
        problem(spec, lost, `Stay with Flux ${installed}, or choose an older version that knows them. ${unused}`),
      ];
    }
    const cli = installed === undefined ? "a version that knows both" : installed;
    return [
      problem(
        spec,
        `${held}: the API server would refuse its update`,
        `Migrate them with the flux CLI of ${cli}, while that Flux runs: flux migrate. ${unused}`,
      ),
    ];
  });
}
