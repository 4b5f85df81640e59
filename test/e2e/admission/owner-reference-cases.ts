import { configMap } from "../../support/objects/configuration.js";
import { type Kind, ownerReference, type Reference, reference } from "../../support/objects/object.js";
import { claimSpec, podSpec, statefulSet } from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Kinds of the platform's objects in a tenant's namespace, and kinds without a namespace. */
const platformKinds: readonly Kind[] = [
  "ClusterRole",
  "GitRepository",
  "Kustomization",
  "LimitRange",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
];

/** Kinds that a tenant's own controllers name. */
const workloadKinds: readonly Kind[] = ["ConfigMap", "CronJob", "Deployment", "Job", "Pod", "StatefulSet"];

/** Policy fleet-owner-references. */
export function ownerReferenceCases(place: Place): Case[] {
  const owned = (...owners: readonly Reference[]) =>
    configMap({ ...place, ownerReferences: owners.map(ownerReference) });
  const claimed = (owner: Reference) =>
    statefulSet(place, podSpec(), {
      volumeClaimTemplates: [
        { metadata: { name: "data", ownerReferences: [ownerReference(owner)] }, spec: claimSpec() },
      ],
    });
  const owner = (kind: Kind) => reference(kind, { name: "reconciler" });
  return [
    ...refused(/an object with an owner can prevent the removal of its owner: remove metadata\.ownerReferences/, {
      ...each(platformKinds, (kind) => [`a ConfigMap that keeps a ${kind}`, owned(owner(kind))]),
      "a ConfigMap that keeps a RoleBinding beside its Deployment": owned(owner("Deployment"), owner("RoleBinding")),
      "a StatefulSet whose claims keep a RoleBinding": claimed(owner("RoleBinding")),
      "a ConfigMap that keeps a kind of another group": owned({ ...owner("Pod"), apiVersion: "example.com/v1" }),
      "a ConfigMap that keeps a RoleBinding by another version": owned({
        ...owner("RoleBinding"),
        apiVersion: "rbac.authorization.k8s.io/v1beta1",
      }),
    }),
    ...allowed({
      ...each(workloadKinds, (kind) => [`a ConfigMap that goes with a ${kind}`, owned(owner(kind))]),
      "a StatefulSet whose claims go with a ConfigMap": claimed(owner("ConfigMap")),
      "a ConfigMap without an owner": owned(),
    }),
  ];
}
