import { type LiveObject, liveIdentity, type OwnedFields, objectType } from "../../../lib/kubernetes/live-object.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import type { ExistingCluster } from "../../../preflight/cluster.js";
import { kindKey } from "../../../preflight/cluster-kinds.js";

/** An object of a test: its type as Pulumi writes it, and its content. */
export interface TestObject {
  /** `core/v1:ResourceQuota` */
  readonly type: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The fields that a client owns, and the client. */
export interface TestOwner {
  readonly manager: string;
  readonly operation?: string;
  readonly time?: string;
  readonly fieldsV1: OwnedFields;
}

/** A moment of the tests, as Kubernetes writes it. */
export const someTime = "2026-11-26T16:42:33Z";

/** The state that an update of these objects leaves. */
export function clusterState(...objects: readonly TestObject[]): StackState {
  return Object.fromEntries(
    objects.map(({ type, name, namespace, labels = {}, annotations = {}, ...fields }) => {
      const metadata = { name, ...(namespace && { namespace }), labels, annotations };
      const inputs = { apiVersion: "v1", kind: "Any", metadata, ...fields };
      const urn = `urn:pulumi:staging::fleet::fleet:index:Fleet$kubernetes:${type}::${namespace}.${name}`;
      return [urn, { type: `kubernetes:${type}`, outputs: { ...inputs, __inputs: inputs } }];
    }),
  );
}

/** An object on the cluster, and the clients that own fields of it. */
export function onCluster(
  { type, name, namespace, labels = {}, annotations = {}, ...fields }: TestObject,
  ...owners: readonly TestOwner[]
): readonly [string, LiveObject] {
  const managedFields = owners.map((owner) => ({ operation: "Update", time: someTime, ...owner }));
  const metadata = { name, namespace, labels, annotations, managedFields };
  const found = objectType(`kubernetes:${type}`);
  if (found === undefined) throw new Error(`${type} is no type of an object`);
  return [liveIdentity(found, metadata), { ...fields, metadata }];
}

/** A cluster with the namespace `team-a` and these objects. */
export function clusterWith(...objects: readonly (readonly [string, LiveObject])[]): ExistingCluster {
  const types = [
    "core/v1:Namespace",
    "core/v1:ResourceQuota",
    "core/v1:ServiceAccount",
    "rbac.authorization.k8s.io/v1:ClusterRole",
    "rbac.authorization.k8s.io/v1:RoleBinding",
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy",
    "apps/v1:Deployment",
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    "source.toolkit.fluxcd.io/v1:GitRepository",
  ];
  const kinds = types.flatMap((type) => objectType(`kubernetes:${type}`) ?? []);
  return {
    namespaces: new Map([["team-a", { labels: {}, terminating: false }]]),
    objects: new Map(objects),
    kinds: new Set(kinds.map(kindKey)),
    storedVersions: new Map(),
    losingKinds: [],
    losingRights: [],
    missingKinds: [],
    lostDefinitions: [],
    refused: new Set(),
  };
}
