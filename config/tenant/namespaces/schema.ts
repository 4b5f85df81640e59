import { z } from "zod";
import { choiceField, textField } from "../../rules/field.js";
import { labelValue, tenantKey } from "../../rules/labels.js";
import { tenantNamespace } from "../../rules/names.js";
import type { Rule } from "../../rules/rule.js";
import { section } from "../forms.js";
import { completeLimits, limitFields } from "../limits/schema.js";

/**
 * The Pod Security levels of a namespace, from the widest to the narrowest.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const POD_SECURITY_LEVELS = ["privileged", "baseline", "restricted"] as const;

/** A level of Pod Security. */
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number];

/** Annotations take any text; the size of the file bounds all of them together. */
const anyText: Rule = { pattern: "", check: () => undefined };

const labels = textField(labelValue, { description: "Value of a label." });
const annotations = textField(anyText, { description: "Value of an annotation." });
const key = textField(tenantKey, { description: "Key that does not belong to the platform." });

/** The fields of a namespace, besides its name. */
const fields = {
  labels: z
    .record(key, labels)
    .meta({
      description: "Labels of the namespace, beside those that the platform sets. Default: none.",
      examples: [{ "cost-center": "4711" }],
    })
    .default({}),
  annotations: z
    .record(key, annotations)
    .meta({
      description: "Annotations of the namespace, beside those that the platform sets. Default: none.",
      examples: [{ "example.com/on-call": "https://on-call.example.com/payments" }],
    })
    .default({}),
  podSecurity: choiceField(POD_SECURITY_LEVELS, {
    description:
      "Pod Security level that the API server enforces; never lower than fleet:podSecurityFloor of the stack.",
  }).default("restricted"),
};

const primaryName = textField(tenantNamespace, {
  description: "Namespace that the tenant's objects are in. Default: the tenant's name.",
  examples: ["payments"],
});
const additionalName = textField(tenantNamespace, { description: "Name of the namespace." });
const additionalText =
  "Additional namespaces, by name, each with the fields of `namespace` and `limits`, and a network policy and an account of its own. Default: none.";

/** A tenant's primary namespace. */
export const namespace = section(
  z.strictObject({ name: primaryName.exactOptional(), ...fields }),
  "The tenant's primary namespace on the cluster.",
);

const additional = z.strictObject({
  ...fields,
  limits: section(limitFields, "What the namespace may take of the cluster. Default: the size small."),
});

/** A tenant's additional namespaces, by name. */
export const namespaces = z.record(additionalName, additional).meta({ description: additionalText }).default({});

/** A namespace with the defaults that depend on its other fields. */
export function completeNamespace<Namespace extends z.output<typeof additional>>(declared: Namespace) {
  return { ...declared, limits: completeLimits(declared.limits) };
}
