import { cel, celList } from "./cel/cel.js";
import { allKinds, createOrUpdate, type PolicyDefinition } from "./cel/policy.js";
import { byOwnAccount } from "./cel/principals.js";

/**
 * Kinds that a tenant's own controllers may name as owners: of a tenant's workloads, and never of the platform. Kinds
 * without a namespace are not among them, because the platform and other tenants have all of those.
 */
const owners = [
  ...["ConfigMap", "PersistentVolumeClaim", "Pod"],
  ...["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"].map((kind) => `apps/${kind}`),
  ...["CronJob", "Job"].map((kind) => `batch/${kind}`),
  "flagger.app/Canary",
];

/** CEL that is true when an owner reference names one of {@link owners}. */
const namesOwner = cel`
  (owner.apiVersion.contains('/') ? owner.apiVersion.split('/')[0] + '/' : '') + owner.kind in variables.owners
`;

/** Templates of claims in a StatefulSet, from whose metadata Kubernetes creates claims under its own name. */
const templates = cel`
  request.resource.resource == 'statefulsets' ? object.?spec.?volumeClaimTemplates.orValue([]) : []
`;

/**
 * The policy on owner references that a tenant's own accounts set. Kubernetes checks neither that the owner exists nor
 * that it is the author's. An owner that is deleted in the foreground stays as long as one of its dependents that block
 * it: a tenant could keep the role binding that is to be revoked, and `pulumi up` would time out. So the kinds of the
 * platform's objects are no owners, except ConfigMaps: common ones give no right, and are deleted in the background.
 * Controllers set owner references under their own names, from other namespaces, and pass. So do references that an
 * object already has.
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/controller/statefulset/stateful_set_utils.go
 */
export const ownerReferences: PolicyDefinition = {
  name: "fleet-owner-references",
  resourceRules: createOrUpdate(allKinds),
  matchConditions: {
    ...byOwnAccount,
    "with-owners": cel`
      object.?metadata.?ownerReferences.orValue([]).size() > 0
      || (${templates}).exists(one, one.?metadata.?ownerReferences.orValue([]).size() > 0)
    `,
  },
  variables: { owners: celList(owners), templates },
  validations: [
    {
      expression: cel`
        object.metadata.?ownerReferences.orValue([]).all(
          owner,
          ${namesOwner}
          || (request.operation == 'UPDATE' && owner in oldObject.?metadata.?ownerReferences.orValue([]))
        )
        && variables.templates.all(one, one.?metadata.?ownerReferences.orValue([]).all(owner, ${namesOwner}))
      `,
      message: `an object with an owner can prevent the removal of its owner: remove metadata.ownerReferences, or name an owner of one of the kinds ${owners.map((kind) => kind.replace(/.*\//, "")).join(", ")}`,
    },
  ],
};
