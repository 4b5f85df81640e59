import { z } from "zod";
import { choiceField, mapField, section, textField } from "../../rules/field.js";
import { labelValue, tenantKey } from "../../rules/labels.js";
import { tenantNamespace } from "../../rules/names.js";
import { ofOneTenant } from "../forms.js";
import { completeLimits, limitFields } from "../limits/schema.js";

/**
 * The Pod Security levels of a namespace, from the widest to the narrowest.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const POD_SECURITY_LEVELS = ["privileged", "baseline", "restricted"] as const;

const key = textField(tenantKey, { description: "Key that does not belong to the platform." });
const label = textField(labelValue, { description: "Value of a label." });
/** Any text; the size of the file bounds all of them together. */
const annotation = textField({ pattern: "", check: () => undefined }, { description: "Value of an annotation." });

const fields = {
  labels: mapField(key, label, {
    description:
      "Labels of the namespace, beside those that the platform sets. A key with a domain must be in fleet:namespaceKeys. Default: none.",
    examples: [{ "cost-center": "4711" }],
  }).default({}),
  annotations: mapField(key, annotation, {
    description:
      "Annotations of the namespace, beside those that the platform sets. A key with a domain must be in fleet:namespaceKeys. Default: none.",
    examples: [{ "example.com/on-call": "https://on-call.example.com/payments" }],
  }).default({}),
  podSecurity: choiceField(POD_SECURITY_LEVELS, {
    description:
      "Pod Security level that the API server enforces; never lower than fleet:podSecurityFloor of the stack.",
  }).default("restricted"),
};

/** A tenant's primary namespace. */
export const namespace = section("The tenant's primary namespace on the cluster.", {
  name: ofOneTenant(
    textField(tenantNamespace, {
      description: "Namespace that the tenant's objects are in. Default: the tenant's name.",
      examples: ["payments"],
    }).exactOptional(),
    "a namespace is of one tenant",
  ),
  ...fields,
});

const additional = z.strictObject({
  ...fields,
  limits: section("Limits of the namespace's share of the cluster. Default: the size small.", limitFields),
});

/** A tenant's additional namespaces, by name. */
export const namespaces = ofOneTenant(
  mapField(textField(tenantNamespace, { description: "Name of the namespace." }), additional, {
    description:
      "Additional namespaces, by name, each with the fields of `namespace` and `limits`, and a network policy and an account of its own. Default: none.",
  }).default({}),
  "a namespace is of one tenant",
);

/** Namespace of an object that a tenant declares. */
export const ownNamespace = textField(tenantNamespace, {
  description: "Its namespace, one of this tenant's. Default: the tenant's primary namespace.",
});

/** A namespace with the defaults that depend on its other fields. */
export function completeNamespace<Namespace extends z.output<typeof additional>>(declared: Namespace) {
  return { ...declared, limits: completeLimits(declared.limits) };
}
