import { z } from "zod";
import { booleanField, mapField, textField } from "../../rules/field.js";
import { labelKey } from "../../rules/labels.js";
import { dnsSubdomain } from "../../rules/names.js";
import { patternRule, refuse, ruleOf } from "../../rules/rule.js";
import { ofOneTenant } from "../forms.js";
import { ownNamespace } from "../namespaces/schema.js";

/**
 * Annotations by which a cloud knows which of its identities a service account may take.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
export const IDENTITY_ANNOTATIONS: readonly string[] = [
  "azure.workload.identity/client-id",
  "azure.workload.identity/tenant-id",
  "eks.amazonaws.com/role-arn",
  "iam.gke.io/gcp-service-account",
];

/** Service accounts of every tenant's namespace that are not its file's to make: Kubernetes' and the platform's. */
const accountName = ruleOf(
  dnsSubdomain,
  refuse(
    /^(ci-robot|default|reconciler)$/,
    "is reserved: Kubernetes and the platform have the accounts ci-robot, default, reconciler",
    "Choose another name",
  ),
);

const identity = patternRule({
  pattern: "^\\S+$",
  maxLength: 1024,
  form: "the name of an identity: it has a space in it",
  fix: "Write it as the cloud shows it",
});

/** Key of an annotation that a stack lets tenants' accounts carry, beside {@link IDENTITY_ANNOTATIONS}. */
export const identityAnnotation = textField(labelKey, { description: "Key of an annotation." });

const name = textField(accountName, { description: "Name of the service account." });
const key = textField(labelKey, { description: "Key of an annotation that says which identity it is." });
const value = textField(identity, { description: "The identity." });

const account = z.strictObject({
  annotations: mapField(key, value, {
    description:
      "Identities in the cloud, by the annotation that the cloud reads. Allowed annotations: eks.amazonaws.com/role-arn, iam.gke.io/gcp-service-account, azure.workload.identity/client-id and tenant-id, and those of fleet:identityAnnotations. Default: none.",
    examples: [{ "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/payments" }],
  }).default({}),
  namespace: ownNamespace.exactOptional(),
  /** Pods that need the Kubernetes API say so; the others have one secret less to lose. */
  automountToken: booleanField(
    "Whether pods get its token for the Kubernetes API. Identities in the cloud do not need it.",
  ).default(false),
});

/** A tenant's service accounts, by name. */
export const serviceAccounts = ofOneTenant(
  mapField(name, account, {
    description:
      "Service accounts that the platform creates for the tenant's pods, by name, with their identities in the cloud. Default: none.",
  }).default({}),
  "an identity in the cloud is of one tenant",
);
