import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { copiedAnnotations, type FieldRule, inNamespace, plainKeys } from "../field-rule.js";

const whenShared = { at: "spec.secretStoreRef.kind", is: ["ClusterSecretStore"] };

/** The sources of single entries: another store of the namespace, or a generator that connects to nothing. */
const sources = (list: string): FieldRule[] => [
  { at: `spec.${list}[].sourceRef`, form: "fields", names: ["storeRef", "generatorRef"] },
  { at: `spec.${list}[].sourceRef.storeRef.kind`, form: "value", of: ["SecretStore"] },
  { at: `spec.${list}[].sourceRef.generatorRef.kind`, form: "value", of: ["Password", "UUID"] },
];

/**
 * Rules on the new keys of values. An expression can insert its target at each letter of a key, so a few of them in a row
 * fill the memory of external-secrets.
 */
const rewrites: readonly FieldRule[] = [
  { at: "spec.dataFrom", form: "size", most: 20 },
  { at: "spec.dataFrom[].rewrite", form: "size", most: 2 },
  { at: "spec.dataFrom[].rewrite[].regexp.source", form: "size", most: 253 },
  { at: "spec.dataFrom[].rewrite[].regexp.target", form: "size", most: 63 },
  { at: "spec.dataFrom[].find.name.regexp", form: "size", most: 253 },
  { at: "spec.dataFrom[].rewrite[].transform.template", form: "template", of: "text" },
];

/**
 * Rules on the path of a value within a secret. A path of GJSON can copy its value and go on with the copies: each
 * `[@this,@this]` doubles it, also behind others. Names with dots, indices and queries are sound.
 * @see https://github.com/tidwall/gjson/blob/master/SYNTAX.md
 */
const properties = ["data[].remoteRef", "dataFrom[].extract"].map((reference): FieldRule => {
  return {
    at: `spec.${reference}.property`,
    form: "text",
    pattern: "^([^|{}@\\[\\]]|[A-Za-z0-9_-]@)*$",
    words: "the path of a value, without pipes, braces, brackets, and @ at the start of a name",
  };
});

/** Rules on templates, which the one worker of external-secrets renders for all tenants. */
const templates: readonly FieldRule[] = [
  ...["data", "metadata.labels", "metadata.annotations"].map((field): FieldRule => {
    return { at: `spec.target.template.${field}`, form: "template", of: "map" };
  }),
  { at: "spec.target.template.templateFrom", form: "size", most: 5 },
  // No policy can read the template in a ConfigMap or a Secret.
  { at: "spec.target.template.templateFrom[]", form: "fields", names: ["target", "literal"] },
  { at: "spec.target.template.templateFrom[].literal", form: "template", of: "text" },
];

const externalSecret: readonly FieldRule[] = [
  // Without a template, external-secrets gives the Secret the annotations of the ExternalSecret.
  copiedAnnotations("external-secrets.io"),
  {
    at: "spec.secretStoreRef",
    form: "reference",
    groups: [""],
    defaultKind: "SecretStore",
    own: ["SecretStore"],
    shared: "ClusterSecretStore",
  },
  // A shared store reads with one identity for all tenants: the path says whose secret it is.
  { at: "spec.data[].remoteRef.key", form: "below-namespace", when: whenShared },
  { at: "spec.dataFrom[].extract.key", form: "below-namespace", when: whenShared },
  { at: "spec.dataFrom[].find", form: "absent", when: whenShared },
  ...sources("data"),
  ...sources("dataFrom"),
  { at: "spec.target", form: "fields", names: ["name", "creationPolicy", "deletionPolicy", "template"] },
  { at: "spec.target.template.metadata", form: "fields", names: ["labels", "annotations"] },
  { at: "spec.target.template.metadata.labels", ...plainKeys },
  { at: "spec.target.template.metadata.annotations", ...plainKeys },
  // Other targets write labels, annotations and fields from a text.
  { at: "spec.target.template.templateFrom[].target", form: "value", of: ["Data"] },
  ...templates,
  ...rewrites,
  ...properties,
  // Each reconciliation takes the time of the one worker.
  { at: "spec.refreshInterval", form: "duration", least: "10s", most: "8760h" },
];

/** Fields of Secrets and accounts in the providers below. Other namespaces are for ClusterSecretStores. */
const credentials = [
  ...["accessKeyIDSecretRef", "secretAccessKeySecretRef", "sessionTokenSecretRef"].map(
    (field) => `spec.provider.aws.auth.secretRef.${field}.namespace`,
  ),
  "spec.provider.kubernetes.auth.serviceAccount.namespace",
  "spec.provider.vault.auth.tokenSecretRef.namespace",
  "spec.provider.vault.auth.appRole.roleRef.namespace",
  "spec.provider.vault.auth.appRole.secretRef.namespace",
  "spec.provider.vault.auth.userPass.secretRef.namespace",
  "spec.provider.vault.caProvider.namespace",
];

/**
 * A store of a tenant reads with credentials of the namespace, from an address that no private network has. Without
 * credentials, external-secrets reads with its own identity.
 * @see https://external-secrets.io/latest/provider/aws-access/
 * @see https://external-secrets.io/latest/provider/kubernetes/
 */
const secretStore: readonly FieldRule[] = [
  { at: "spec", form: "fields", names: ["provider", "refreshInterval", "retrySettings"] },
  // The one worker of external-secrets waits through all attempts.
  { at: "spec.retrySettings.maxRetries", form: "number", most: 5 },
  { at: "spec.retrySettings.retryInterval", form: "duration", least: "100ms", most: "10s" },
  // In seconds. Each validation is a login at the store.
  { at: "spec.refreshInterval", form: "number", least: 10, most: 31_536_000 },
  { at: "spec.provider", form: "fields", names: ["aws", "kubernetes", "vault", "fake"] },
  { at: "spec.provider.aws", form: "fields", names: ["service", "region", "role", "externalID", "prefix", "auth"] },
  { at: "spec.provider.aws", form: "oneOf", names: ["auth"] },
  { at: "spec.provider.aws.auth", form: "fields", names: ["secretRef"] },
  { at: "spec.provider.aws.auth", form: "oneOf", names: ["secretRef"] },
  { at: "spec.provider.aws.auth.secretRef", form: "oneOf", names: ["accessKeyIDSecretRef"] },
  { at: "spec.provider.aws.auth.secretRef", form: "oneOf", names: ["secretAccessKeySecretRef"] },
  { at: "spec.provider.kubernetes", form: "fields", names: ["auth", "remoteNamespace", "server"] },
  { at: "spec.provider.kubernetes", form: "oneOf", names: ["auth"] },
  { at: "spec.provider.kubernetes.auth", form: "fields", names: ["serviceAccount"] },
  { at: "spec.provider.kubernetes.auth", form: "oneOf", names: ["serviceAccount"] },
  { at: "spec.provider.kubernetes.remoteNamespace", form: "namespace" },
  { at: "spec.provider.kubernetes.server", form: "fields", names: ["url", "caBundle", "caProvider"] },
  // The definition sets it where a manifest does not, and the namespace above to another one.
  { at: "spec.provider.kubernetes.server.url", form: "value", of: ["kubernetes.default"] },
  { at: "spec.provider.kubernetes.server.caProvider.namespace", form: "namespace" },
  {
    at: "spec.provider.vault",
    form: "fields",
    names: ["server", "path", "version", "namespace", "auth", "caProvider"],
  },
  { at: "spec.provider.vault.server", form: "address", of: "public" },
  { at: "spec.provider.vault", form: "oneOf", names: ["auth"] },
  { at: "spec.provider.vault.auth", form: "fields", names: ["tokenSecretRef", "appRole", "userPass"] },
  { at: "spec.provider.vault.auth", form: "oneOf", names: ["tokenSecretRef", "appRole", "userPass"] },
  ...inNamespace(...credentials),
];

/**
 * The time for a password grows with the square of its length, and the one worker of external-secrets would stand still
 * for all tenants.
 * @see https://external-secrets.io/latest/api/generator/password/
 */
const password = ["length", "digits", "symbols"].map(
  (field): FieldRule => ({ at: `spec.${field}`, form: "number", most: 256 }),
);

/** PushSecrets write to stores, and other generators connect to an address of the tenant's choice. */
export const externalSecrets: KnownAddon = {
  ...addonNames("external-secrets"),
  purpose: "Secrets from a store of the platform or of the tenant, and generated passwords",
  kinds: [
    ...kindsOf(
      "external-secrets.io",
      "v1",
      { kind: "ExternalSecret", plural: "externalsecrets", most: 50, rules: externalSecret },
      { kind: "SecretStore", plural: "secretstores", most: 5, rules: secretStore },
    ),
    ...kindsOf(
      "generators.external-secrets.io",
      "v1alpha1",
      { kind: "Password", plural: "passwords", most: 20, rules: password },
      { kind: "UUID", plural: "uuids", most: 20 },
    ),
  ],
  sharedKinds: [{ kind: "ClusterSecretStore", namespaced: false }],
};
