import { z } from "zod";
import { textField } from "../rules/field.js";
import { dnsLabel } from "../rules/names.js";
import { patternRule, refuse, ruleOf } from "../rules/rule.js";
import { pullSecretFields } from "../tenant/pull-secrets/schema.js";
import { credentialFault, secretValue } from "./secrets.js";

/** The bound of Kubernetes for the content of a ConfigMap or Secret. */
const MOST_BYTES = 1024 * 1024;

/**
 * Objects of each kind that a stack may put into every tenant's namespaces. They share the part of the quotas that is
 * kept for the platform (`QUOTA_RESERVE`) with what tenant files ask for.
 */
const MOST_OBJECTS = 10;

/** @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object */
const dataKey = ruleOf(
  patternRule({
    pattern: "^[A-Za-z0-9._-]+$",
    maxLength: 253,
    form: 'made of letters, digits, "-", "_" and ".", as keys of ConfigMaps and Secrets are',
    fix: "Write it like ca.crt or HTTPS_PROXY",
  }),
  refuse(/^\.(\.|$)/, "is a relative path", "Write it like ca.crt or HTTPS_PROXY"),
);

const anyText = { pattern: "", check: () => undefined };

/** A setting with objects by name. @param data the content of one, and `sizeOf` the bytes of a value of it */
function commonObjects<Value extends z.ZodType>(data: Value, sizeOf: (value: z.output<Value>) => number) {
  const entries = z.record(textField(dataKey), data).superRefine((values, context) => {
    const sizes = Object.entries(values).map(
      ([key, value]) => Buffer.byteLength(key) + sizeOf(value as z.output<Value>),
    );
    const fault = contentFault(sizes);
    if (fault !== undefined) context.addIssue({ code: "custom", input: undefined, ...fault });
  });
  return fewObjects(z.record(textField(dnsLabel), entries)).default({});
}

function contentFault(sizes: readonly number[]) {
  if (sizes.length === 0) return { message: "has no entries", params: { fix: "Add one, or remove it" } };
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes <= MOST_BYTES) return undefined;
  const message = `has ${bytes} bytes, and Kubernetes takes ${MOST_BYTES} at most`;
  return { message, params: { fix: "Split it, or mount a volume in its place" } };
}

function fewObjects<Field extends z.ZodRecord<z.ZodString>>(field: Field) {
  return field.superRefine((named, context) => {
    const count = Object.keys(named as object).length;
    if (count <= MOST_OBJECTS) return;
    const message = `has ${count} entries, and the reserve of the quotas has room for ${MOST_OBJECTS}`;
    context.addIssue({ code: "custom", input: undefined, message, params: { fix: "Join some" } });
  });
}

/** ConfigMaps of all tenants' namespaces. */
export const commonConfigMapsConfig = commonObjects(textField(anyText), Buffer.byteLength).meta({
  description: "ConfigMaps that all tenants' namespaces have, as fleet-common-NAME: NAME: {KEY: VALUE}. Default: none.",
});

/** Secrets of all tenants' namespaces, of which the loader keeps names only. */
export const commonSecretsConfig = commonObjects(secretValue(), ({ bytes }) => bytes).meta({
  description:
    "Secrets that all tenants' namespaces have, as fleet-common-NAME: NAME: {KEY: VALUE}; encrypted. Default: none.",
});

/** Credentials of registries for all tenants, of which the loader keeps no password. */
export const pullSecretsConfig = fewObjects(
  z.record(
    textField(dnsLabel),
    z.strictObject({
      ...pullSecretFields,
      password: secretValue(credentialFault).meta({ description: "Password or token; encrypted." }),
    }),
  ),
)
  .default({})
  .meta({
    description:
      "Credentials for registries that all tenants' namespaces have, as Secrets fleet-pull-NAME: NAME: {registry, username, password}. Default: none.",
  });
