import { z } from "zod";
import { choiceField, resettable, textField } from "../../rules/field.js";
import { labelValue, tenantKey } from "../../rules/labels.js";
import { tenantNamespace } from "../../rules/names.js";
import type { Rule } from "../../rules/rule.js";
import { tenantDefaults } from "../defaults.js";
import { limits, limitsOverlay } from "../limits/schema.js";

/**
 * What the API server lets pods of a namespace do, from the widest to the narrowest.
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

/** What a namespace is, besides its name. */
const namespaceFields = {
  labels: z.record(key, labels).meta({
    description: "Labels of the namespace, beside those that the platform sets. Default: none.",
    examples: [{ "cost-center": "4711" }],
  }),
  annotations: z.record(key, annotations).meta({
    description: "Annotations of the namespace, beside those that the platform sets. Default: none.",
    examples: [{ "example.com/on-call": "https://on-call.example.com/payments" }],
  }),
  podSecurity: choiceField(POD_SECURITY_LEVELS, {
    description:
      "Pod Security level that the API server enforces; never lower than fleet:podSecurityFloor of the stack.",
    default: tenantDefaults.podSecurity,
  }),
};

const overlayFields = {
  labels: z
    .record(key, labels.nullable())
    .optional()
    .meta({ description: "Labels laid over those of the base file; null removes one." }),
  annotations: z
    .record(key, annotations.nullable())
    .optional()
    .meta({ description: "Annotations laid over those of the base file; null removes one." }),
  podSecurity: resettable(namespaceFields.podSecurity),
};

/** A tenant's first namespace. */
export const namespace = z.strictObject({
  name: textField(tenantNamespace, {
    description: "Namespace that the tenant's objects are in. Default: the tenant's name.",
    examples: ["payments"],
  }),
  ...namespaceFields,
});

/** The first namespace in an overlay. */
export const namespaceOverlay = z.strictObject({ name: resettable(namespace.shape.name), ...overlayFields });

const furtherName = textField(tenantNamespace, { description: "Name of the namespace." });
const limitsText = "What the namespace may take of the cluster. Default: the size small.";

/** A tenant's further namespace, complete. */
export const furtherNamespaces = z.record(furtherName, z.strictObject({ ...namespaceFields, limits }));

const furtherText =
  "Further namespaces, by name, each with the fields of `namespace` and `limits`, and a network policy and an account of its own. Default: none.";

/** Further namespaces in a base file. */
export const furtherNamespacesFile = z
  .record(
    furtherName,
    z
      .strictObject(namespaceFields)
      .partial()
      .extend({
        limits: limits.partial().optional().meta({ description: limitsText }),
      }),
  )
  .meta({ description: furtherText });

/** Further namespaces in an overlay; null takes one away. */
export const furtherNamespacesOverlay = z
  .record(
    furtherName,
    z.strictObject({ ...overlayFields, limits: limitsOverlay.optional().meta({ description: limitsText }) }).nullable(),
  )
  .meta({ description: `${furtherText} Laid over those of the base file; null takes one away.` });
