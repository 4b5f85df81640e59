import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";
import { templateAttacks } from "./template-attacks.js";

const external = (spec: Fields): Fields => ({ secretStoreRef: { name: "own" }, ...spec });
const ofVault = { secretStoreRef: { kind: "ClusterSecretStore", name: "vault" } };
const remote = (key: string) => [{ secretKey: "password", remoteRef: { key } }];
const store = (provider: Fields): Fields => ({ provider });

/** Objects that each break one rule of external-secrets. */
export const externalSecrets: readonly AddonAttack[] = [
  {
    kind: "ExternalSecret",
    at: "spec.secretStoreRef",
    spec: { secretStoreRef: { kind: "ClusterSecretStore", name: "root" } },
  },
  // Without a template, the Secret gets them.
  ...["replicator.example.com/replicate-to", "reflector.v1.example.com/reflects", "k8s-sidecar-target-directory"].map(
    (key): AddonAttack => ({
      kind: "ExternalSecret",
      at: "metadata.annotations",
      spec: external({ data: remote("any") }),
      annotations: { [key]: "team-b" },
    }),
  ),
  ...["team-b/database", "database", "team-addons", "team-addons/../team-b/database", "team-addons-b/database"].map(
    (key): AddonAttack => ({
      kind: "ExternalSecret",
      at: "spec.data[].remoteRef.key",
      spec: { ...ofVault, data: remote(key) },
    }),
  ),
  {
    kind: "ExternalSecret",
    at: "spec.dataFrom[].extract.key",
    spec: { ...ofVault, dataFrom: [{ extract: { key: "team-b/database" } }] },
  },
  {
    kind: "ExternalSecret",
    at: "spec.dataFrom[].find",
    spec: { ...ofVault, dataFrom: [{ find: { name: { regexp: ".*" } } }] },
  },
  // Each part doubles the value before it.
  ...["[@this,@this]|[@this,@this]", "a.{b,c}", "@this.@tostr.@tostr", "@pretty", "a|b"].flatMap(
    (property): AddonAttack[] => [
      {
        kind: "ExternalSecret",
        at: "spec.data[].remoteRef.property",
        spec: external({ data: [{ secretKey: "password", remoteRef: { key: "any", property } }] }),
      },
      {
        kind: "ExternalSecret",
        at: "spec.dataFrom[].extract.property",
        spec: external({ dataFrom: [{ extract: { key: "any", property } }] }),
      },
    ],
  ),
  ...(["data", "dataFrom"] as const).flatMap((list): AddonAttack[] => [
    {
      kind: "ExternalSecret",
      at: `spec.${list}[].sourceRef`,
      spec: external({ [list]: [{ sourceRef: { other: {} } }] }),
    },
    {
      kind: "ExternalSecret",
      at: `spec.${list}[].sourceRef.storeRef.kind`,
      spec: external({ [list]: [{ sourceRef: { storeRef: { kind: "ClusterSecretStore", name: "vault" } } }] }),
    },
    ...["ClusterGenerator", "Webhook"].map(
      (kind): AddonAttack => ({
        kind: "ExternalSecret",
        at: `spec.${list}[].sourceRef.generatorRef.kind`,
        spec: external({ [list]: [{ sourceRef: { generatorRef: { kind, name: "any" } } }] }),
      }),
    ),
  ]),
  {
    kind: "ExternalSecret",
    at: "spec.target",
    spec: external({ target: { manifest: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding" } } }),
  },
  {
    kind: "ExternalSecret",
    at: "spec.target.template.metadata",
    spec: external({ target: { template: { metadata: { finalizers: ["example.com/stay"] } } } }),
  },
  {
    kind: "ExternalSecret",
    at: "spec.target.template.metadata.labels",
    form: "keys",
    spec: external({ target: { template: { metadata: { labels: { "argocd.example.com/secret-type": "cluster" } } } } }),
  },
  ...["replicator.example.com/to", "k8s-sidecar-target-directory"].map(
    (key): AddonAttack => ({
      kind: "ExternalSecret",
      at: "spec.target.template.metadata.annotations",
      form: "keys",
      spec: external({ target: { template: { metadata: { annotations: { [key]: "team-b" } } } } }),
    }),
  ),
  {
    kind: "ExternalSecret",
    at: "spec.target.template.templateFrom[].target",
    spec: external({ target: { template: { templateFrom: [{ target: "Labels", literal: "a: b" }] } } }),
  },
  ...templateAttacks,
  {
    kind: "ExternalSecret",
    at: "spec.dataFrom",
    spec: external({ dataFrom: Array(21).fill({ extract: { key: "any" } }) }),
  },
  ...(
    [
      ["", Array(3).fill({ regexp: { source: "", target: "ab" } })],
      ["[].regexp.source", [{ regexp: { source: "a{1000}".repeat(40), target: "a" } }]],
      ["[].regexp.target", [{ regexp: { source: "", target: "a".repeat(64) } }]],
      ["[].transform.template", [{ transform: { template: "{{ repeat 2000000000 .value }}" } }]],
    ] as const
  ).map(
    ([field, rewrite]): AddonAttack => ({
      kind: "ExternalSecret",
      at: `spec.dataFrom[].rewrite${field}`,
      spec: external({ dataFrom: [{ find: { name: { regexp: ".*" } }, rewrite }] }),
    }),
  ),
  {
    kind: "ExternalSecret",
    at: "spec.dataFrom[].find.name.regexp",
    spec: external({ dataFrom: [{ find: { name: { regexp: "a{1000}".repeat(40) } } }] }),
  },
  ...["1ns", "9s", "-1h", "8761h", "100y"].map(
    (refreshInterval): AddonAttack => ({
      kind: "ExternalSecret",
      at: "spec.refreshInterval",
      spec: external({ refreshInterval }),
    }),
  ),
  {
    kind: "SecretStore",
    at: "spec.retrySettings.maxRetries",
    spec: { ...store({ fake: { data: [] } }), retrySettings: { maxRetries: 1_000_000 } },
  },
  ...["1h", "1ms"].map(
    (retryInterval): AddonAttack => ({
      kind: "SecretStore",
      at: "spec.retrySettings.retryInterval",
      spec: { ...store({ fake: { data: [] } }), retrySettings: { retryInterval } },
    }),
  ),
  ...[1, -1, 2_000_000_000].map(
    (refreshInterval): AddonAttack => ({
      kind: "SecretStore",
      at: "spec.refreshInterval",
      spec: { ...store({ fake: { data: [] } }), refreshInterval },
    }),
  ),
  { kind: "SecretStore", at: "spec", spec: { ...store({ fake: { data: [] } }), controller: "other" } },
  ...(["azurekv", "gcpsm", "webhook", "doppler"] as const).map(
    (name): AddonAttack => ({ kind: "SecretStore", at: "spec.provider", spec: store({ [name]: {} }) }),
  ),
  {
    kind: "SecretStore",
    at: "spec.provider.aws",
    form: "fields",
    spec: store({ aws: { auth: aws(), additionalRoles: ["arn"] } }),
  },
  { kind: "SecretStore", at: "spec.provider.aws", form: "oneOf", spec: store({ aws: { service: "SecretsManager" } }) },
  {
    kind: "SecretStore",
    at: "spec.provider.aws.auth",
    form: "fields",
    spec: store({ aws: { auth: { ...aws(), jwt: { serviceAccountRef: { name: "reconciler" } } } } }),
  },
  { kind: "SecretStore", at: "spec.provider.aws.auth", form: "oneOf", spec: store({ aws: { auth: {} } }) },
  {
    kind: "SecretStore",
    at: "spec.provider.aws.auth.secretRef",
    spec: store({ aws: { auth: { secretRef: {} } } }),
  },
  ...(["accessKeyIDSecretRef", "secretAccessKeySecretRef", "sessionTokenSecretRef"] as const).map(
    (field): AddonAttack => ({
      kind: "SecretStore",
      at: `spec.provider.aws.auth.secretRef.${field}.namespace`,
      spec: store({ aws: { auth: aws({ [field]: { name: "aws", key: "id", namespace: "team-b" } }) } }),
    }),
  ),
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes",
    form: "fields",
    spec: store({ kubernetes: { ...kubernetes(), authRef: { name: "kubeconfig" } } }),
  },
  { kind: "SecretStore", at: "spec.provider.kubernetes", form: "oneOf", spec: store({ kubernetes: {} }) },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.auth",
    form: "fields",
    spec: store({
      kubernetes: { auth: { token: { bearerToken: { name: "token" } }, serviceAccount: { name: "web" } } },
    }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.auth",
    form: "oneOf",
    spec: store({ kubernetes: { auth: {} } }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.auth.serviceAccount.namespace",
    spec: store({ kubernetes: { auth: { serviceAccount: { name: "web", namespace: "team-b" } } } }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.remoteNamespace",
    spec: store({ kubernetes: { ...kubernetes(), remoteNamespace: "team-b" } }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.server",
    spec: store({ kubernetes: { ...kubernetes(), server: { proxy: "http://10.0.0.1" } } }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.server.url",
    spec: store({ kubernetes: { ...kubernetes(), server: { url: "https://10.0.0.1" } } }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.kubernetes.server.caProvider.namespace",
    spec: store({
      kubernetes: { ...kubernetes(), server: { caProvider: { type: "Secret", name: "ca", namespace: "team-b" } } },
    }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.vault",
    form: "fields",
    spec: store({ vault: vault({ headers: { "X-Vault-Request": "a" } }) }),
  },
  ...["http://vault.example.com", "https://10.0.0.1:8200", "https://vault.vault.svc", "https://user@10.0.0.1"].map(
    (server): AddonAttack => ({
      kind: "SecretStore",
      at: "spec.provider.vault.server",
      spec: store({ vault: vault({ server }) }),
    }),
  ),
  {
    kind: "SecretStore",
    at: "spec.provider.vault",
    form: "oneOf",
    spec: store({ vault: { server: "https://vault.example.com" } }),
  },
  {
    kind: "SecretStore",
    at: "spec.provider.vault.auth",
    form: "fields",
    spec: store({ vault: vault({ auth: { kubernetes: { mountPath: "kubernetes", role: "any" } } }) }),
  },
  { kind: "SecretStore", at: "spec.provider.vault.auth", form: "oneOf", spec: store({ vault: vault({ auth: {} }) }) },
  ...(
    [
      ["tokenSecretRef", { name: "token", namespace: "team-b" }],
      ["appRole.roleRef", { roleRef: { name: "role", namespace: "team-b" } }],
      ["appRole.secretRef", { secretRef: { name: "secret", namespace: "team-b" } }],
      ["userPass.secretRef", { secretRef: { name: "secret", namespace: "team-b" } }],
    ] as const
  ).map(
    ([field, value]): AddonAttack => ({
      kind: "SecretStore",
      at: `spec.provider.vault.auth.${field}.namespace`,
      spec: store({ vault: vault({ auth: { [field.replace(/\..*/, "")]: value } }) }),
    }),
  ),
  {
    kind: "SecretStore",
    at: "spec.provider.vault.caProvider.namespace",
    spec: store({ vault: vault({ caProvider: { type: "Secret", name: "ca", namespace: "team-b" } }) }),
  },
  ...["length", "digits", "symbols"].map(
    (field): AddonAttack => ({
      kind: "Password",
      at: `spec.${field}`,
      spec: { length: 24, allowRepeat: true, [field]: 10_000_000 },
    }),
  ),
];

function aws(references: Fields = {}): Fields {
  const key = (name: string) => ({ name: "aws", key: name });
  return { secretRef: { accessKeyIDSecretRef: key("id"), secretAccessKeySecretRef: key("key"), ...references } };
}

function kubernetes(): Fields {
  return { auth: { serviceAccount: { name: "web" } } };
}

function vault(fields: Fields): Fields {
  return { server: "https://vault.example.com", auth: { tokenSecretRef: { name: "token", key: "token" } }, ...fields };
}
