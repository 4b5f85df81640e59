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

/**
 * The policy on owner references that a tenant's own accounts set. Kubernetes checks neither that the owner exists nor
 * that it is the author's. An owner that is deleted in the foreground stays as long as one of its dependents that block
 * it: a tenant could keep the role binding that is to be revoked, and `pulumi up` would time out. So the kinds of the
 * platform's objects are no owners. Controllers set owner references under their own names, from other namespaces, and
 * pass. So do references that an object already has.
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
 */
export const ownerReferences: PolicyDefinition = {
  name: "fleet-owner-references",
  resourceRules: createOrUpdate(allKinds),
  matchConditions: {
    ...byOwnAccount,
    "with-owners": "object.?metadata.?ownerReferences.orValue([]).size() > 0",
  },
  variables: { owners: celList(owners) },
  validations: [
    {
      expression: cel`
        object.metadata.ownerReferences.all(
          owner,
          (owner.apiVersion.contains('/') ? owner.apiVersion.split('/')[0] + '/' : '') + owner.kind in variables.owners
          || (request.operation == 'UPDATE' && owner in oldObject.?metadata.?ownerReferences.orValue([]))
        )
      `,
      message: `an object with an owner can prevent the removal of its owner: remove metadata.ownerReferences, or name an owner of one of the kinds ${owners.map((kind) => kind.replace(/.*\//, "")).join(", ")}`,
    },
  ],
};
