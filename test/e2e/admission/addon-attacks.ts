import type { Fields } from "../../support/objects/object.js";
import type { AddonAttack } from "./addon-cases.js";

/** A Certificate of the platform's issuer with one more field. */
const shared = (spec: Fields): Fields => ({
  secretName: "web",
  issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
  dnsNames: ["shop.example.com"],
  ...spec,
});

const own = { secretName: "web", issuerRef: { name: "own" }, dnsNames: ["web"] };

const certManager: readonly AddonAttack[] = [
  ...[
    { kind: "ClusterIssuer", name: "internal" },
    { kind: "Issuer", name: "own", namespace: "team-b" },
    { kind: "AWSPCAIssuer", name: "own", group: "awspca.cert-manager.io" },
  ].map((issuerRef): AddonAttack => ({ kind: "Certificate", at: "spec.issuerRef", spec: { ...own, issuerRef } })),
  { kind: "Certificate", at: "spec.dnsNames[]", spec: shared({ dnsNames: ["shop.example.com", "bank.example.com"] }) },
  { kind: "Certificate", at: "spec.commonName", spec: shared({ commonName: "bank.example.com" }) },
  { kind: "Certificate", at: "spec.isCA", spec: shared({ isCA: true }) },
  { kind: "Certificate", at: "spec.ipAddresses", spec: shared({ ipAddresses: ["10.0.0.1"] }) },
  { kind: "Certificate", at: "spec.uris", spec: shared({ uris: ["spiffe://cluster.local/ns/team-b/sa/web"] }) },
  { kind: "Certificate", at: "spec.emailAddresses", spec: shared({ emailAddresses: ["admin@example.com"] }) },
  { kind: "Certificate", at: "spec.otherNames", spec: shared({ otherNames: [{ oid: "1.2", utf8Value: "admin" }] }) },
  { kind: "Certificate", at: "spec.literalSubject", spec: shared({ literalSubject: "CN=bank.example.com" }) },
  { kind: "Certificate", at: "spec.subject", spec: shared({ subject: { organizations: ["system:masters"] } }) },
  {
    kind: "Certificate",
    at: "spec.secretTemplate.labels",
    spec: { ...own, secretTemplate: { labels: { "app.kubernetes.io/managed-by": "fleet" } } },
  },
  {
    kind: "Certificate",
    at: "spec.secretTemplate.annotations",
    spec: { ...own, secretTemplate: { annotations: { "replicator.example.com/to": "team-b" } } },
  },
  ...[
    { acme: { server: "http://169.254.169.254", privateKeySecretRef: { name: "key" } } },
    { vault: { server: "http://10.0.0.1", path: "pki", auth: { tokenSecretRef: { name: "token", key: "token" } } } },
    { venafi: { zone: "z", tpp: { url: "https://10.0.0.1", credentialsRef: { name: "venafi" } } } },
  ].map((spec): AddonAttack => ({ kind: "Issuer", at: "spec", spec })),
];

const external = (spec: Fields): Fields => ({ secretStoreRef: { name: "own" }, ...spec });
const ofVault = { secretStoreRef: { kind: "ClusterSecretStore", name: "vault" } };
const remote = (key: string) => [{ secretKey: "password", remoteRef: { key } }];
const store = (provider: Fields): Fields => ({ provider });

const externalSecrets: readonly AddonAttack[] = [
  {
    kind: "ExternalSecret",
    at: "spec.secretStoreRef",
    spec: { secretStoreRef: { kind: "ClusterSecretStore", name: "root" } },
  },
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
    spec: external({ target: { template: { metadata: { labels: { "argocd.example.com/secret-type": "cluster" } } } } }),
  },
  {
    kind: "ExternalSecret",
    at: "spec.target.template.metadata.annotations",
    spec: external({ target: { template: { metadata: { annotations: { "replicator.example.com/to": "team-b" } } } } }),
  },
  {
    kind: "ExternalSecret",
    at: "spec.target.template.templateFrom[].target",
    spec: external({ target: { template: { templateFrom: [{ target: "Labels", literal: "a: b" }] } } }),
  },
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

/** Attacks of both monitors. */
const monitors = (["ServiceMonitor", "PodMonitor"] as const).flatMap((kind): AddonAttack[] => {
  const list = kind === "ServiceMonitor" ? "endpoints" : "podMetricsEndpoints";
  const monitor = (spec: Fields): Fields => ({ selector: {}, [list]: [{ port: "web" }], ...spec });
  const endpoint = (fields: Fields): Fields => monitor({ [list]: [{ port: "web" }, { port: "web", ...fields }] });
  return [
    { kind, at: "spec", spec: monitor({ scrapeClass: "platform" }) },
    { kind, at: "spec.namespaceSelector.any", spec: monitor({ namespaceSelector: { any: true } }) },
    {
      kind,
      at: "spec.namespaceSelector.matchNames[]",
      spec: monitor({ namespaceSelector: { matchNames: ["team-addons", "team-b"] } }),
    },
    { kind, at: "spec.podTargetLabels[]", spec: monitor({ podTargetLabels: ["namespace"] }) },
    ...[
      { bearerTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
      { proxyUrl: "http://10.0.0.1:3128" },
      { honorLabels: true },
      { oauth2: { tokenUrl: "http://169.254.169.254" } },
    ].map((fields): AddonAttack => ({ kind, at: `spec.${list}[]`, spec: endpoint(fields) })),
    { kind, at: `spec.${list}[].tlsConfig`, spec: endpoint({ tlsConfig: { keyFile: "/etc/prometheus/key" } }) },
    ...(["relabelings", "metricRelabelings"] as const).flatMap((relabelings): AddonAttack[] => [
      {
        kind,
        at: `spec.${list}[].${relabelings}[].action`,
        spec: endpoint({ [relabelings]: [{ action: "labelmap", regex: "(.+)", replacement: "__$1__" }] }),
      },
      ...["__address__", "__param_target", "namespace", "$1"].map(
        (targetLabel): AddonAttack => ({
          kind,
          at: `spec.${list}[].${relabelings}[].targetLabel`,
          spec: endpoint({ [relabelings]: [{ targetLabel, replacement: "169.254.169.254:80" }] }),
        }),
      ),
    ]),
  ];
});

const prometheusOperator: readonly AddonAttack[] = [
  ...monitors,
  {
    kind: "ServiceMonitor",
    at: "spec.targetLabels[]",
    spec: { selector: {}, endpoints: [], targetLabels: ["namespace"] },
  },
  {
    kind: "PrometheusRule",
    at: "spec.groups[].labels",
    spec: { groups: [{ name: "a", labels: { namespace: "team-b" } }] },
  },
  {
    kind: "PrometheusRule",
    at: "spec.groups[].rules[].labels",
    spec: { groups: [{ name: "a", rules: [{ alert: "Down", expr: "up == 0", labels: { namespace: "team-b" } }] }] },
  },
];

const toWeb = [{ name: "web", port: 80 }];

/** Attacks of a kind of route. */
const routes = (["HTTPRoute", "GRPCRoute", "TLSRoute"] as const).flatMap((kind): AddonAttack[] => {
  const route = (spec: Fields): Fields => ({
    parentRefs: [{ name: "public", namespace: "gateways" }],
    hostnames: ["shop.example.com"],
    rules: [{ backendRefs: toWeb }],
    ...spec,
  });
  const backend = (fields: Fields) =>
    route({ rules: [{ backendRefs: [...toWeb, { name: "web", port: 80, ...fields }] }] });
  const filters = (filter: Fields, at: "filters[]" | "backendRefs[].filters[]") =>
    route({
      rules: [at === "filters[]" ? { filters: [filter] } : { backendRefs: [{ name: "web", filters: [filter] }] }],
    });
  const places = kind === "TLSRoute" ? [] : (["filters[]", "backendRefs[].filters[]"] as const);
  return [
    ...[
      { name: "internal", namespace: "gateways" },
      { name: "public", namespace: "team-b" },
      { kind: "XListenerSet", name: "public", namespace: "gateways" },
      { group: "example.com", kind: "Gateway", name: "public" },
      { group: "", kind: "Service", name: "web", namespace: "team-b" },
    ].map((parent): AddonAttack => ({ kind, at: "spec.parentRefs[]", spec: route({ parentRefs: [parent] }) })),
    { kind, at: "spec.useDefaultGateways", spec: route({ useDefaultGateways: "All" }) },
    { kind, at: "spec.rules[].backendRefs[].namespace", spec: backend({ namespace: "team-b" }) },
    { kind, at: "spec.rules[].backendRefs[].kind", spec: backend({ kind: "Backend" }) },
    { kind, at: "spec.rules[].backendRefs[].group", spec: backend({ group: "gateway.envoyproxy.io" }) },
    ...places.flatMap((at): AddonAttack[] => [
      ...["ExtensionRef", "ExternalAuth"].map(
        (type): AddonAttack => ({
          kind,
          at: `spec.rules[].${at}.type`,
          spec: filters({ type }, at),
        }),
      ),
      ...(
        [
          ["namespace", "team-b"],
          ["kind", "Backend"],
          ["group", "gateway.envoyproxy.io"],
        ] as const
      ).map(
        ([field, value]): AddonAttack => ({
          kind,
          at: `spec.rules[].${at}.requestMirror.backendRef.${field}`,
          spec: filters({ type: "RequestMirror", requestMirror: { backendRef: { name: "web", [field]: value } } }, at),
        }),
      ),
    ]),
  ];
});

const tlsPolicy = (spec: Fields): Fields => ({
  targetRefs: [{ group: "", kind: "Service", name: "web" }],
  validation: { hostname: "web.example.com", caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "ca" }] },
  ...spec,
});
const authority = (fields: Fields) =>
  tlsPolicy({ validation: { caCertificateRefs: [{ group: "", kind: "ConfigMap", ...fields }] } });

const gatewayApi: readonly AddonAttack[] = [
  ...routes,
  {
    kind: "BackendTLSPolicy",
    at: "spec.targetRefs[].kind",
    spec: tlsPolicy({ targetRefs: [{ group: "", kind: "Backend" }] }),
  },
  {
    kind: "BackendTLSPolicy",
    at: "spec.targetRefs[].group",
    spec: tlsPolicy({ targetRefs: [{ group: "a.example.com", kind: "Service" }] }),
  },
  {
    kind: "BackendTLSPolicy",
    at: "spec.validation.caCertificateRefs[].kind",
    spec: authority({ kind: "ClusterTrustBundle" }),
  },
  {
    kind: "BackendTLSPolicy",
    at: "spec.validation.caCertificateRefs[].group",
    spec: authority({ group: "a.example.com" }),
  },
];

const sealed = (template: Fields): Fields => ({ encryptedData: { password: "AgBy" }, template });

const sealedSecrets: readonly AddonAttack[] = [
  ...["cluster-wide", "managed"].map(
    (name): AddonAttack => ({
      kind: "SealedSecret",
      at: "metadata.annotations",
      spec: sealed({}),
      annotations: { [`sealedsecrets.bitnami.com/${name}`]: "true" },
    }),
  ),
  {
    kind: "SealedSecret",
    at: "spec.template.metadata",
    spec: sealed({ metadata: { finalizers: ["example.com/stay"] } }),
  },
  { kind: "SealedSecret", at: "spec.template.metadata.namespace", spec: sealed({ metadata: { namespace: "team-b" } }) },
  {
    kind: "SealedSecret",
    at: "spec.template.metadata.labels",
    spec: sealed({ metadata: { labels: { "app.kubernetes.io/managed-by": "fleet" } } }),
  },
  {
    kind: "SealedSecret",
    at: "spec.template.metadata.annotations",
    spec: sealed({ metadata: { annotations: { "sealedsecrets.bitnami.com/managed": "true" } } }),
  },
];

const scaled = (trigger: Fields): Fields => ({
  scaleTargetRef: { name: "web" },
  triggers: [{ type: "cpu", metadata: { value: "50" } }, trigger],
});
const prometheus = (metadata: Fields, fields: Fields = {}): Fields => ({
  type: "prometheus",
  metadata: { query: "1", threshold: "1", ...metadata },
  ...fields,
});

const keda: readonly AddonAttack[] = [
  {
    kind: "ScaledObject",
    at: "spec.scaleTargetRef.kind",
    spec: { scaleTargetRef: { name: "web", kind: "Rollout" }, triggers: [] },
  },
  {
    kind: "ScaledObject",
    at: "spec.scaleTargetRef.apiVersion",
    spec: { scaleTargetRef: { name: "web", apiVersion: "example.com/v1" }, triggers: [] },
  },
  ...["aws-sqs-queue", "metrics-api", "external"].map(
    (type): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.triggers[].type",
      spec: scaled({ type, metadata: {} }),
    }),
  ),
  ...["customHeaders", "cortexOrgId", "namespace", "identityOwner"].map(
    (field): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.triggers[].metadata",
      spec: scaled(prometheus({ [field]: "team-b" })),
    }),
  ),
  ...["http://169.254.169.254", "http://localhost:9090", "https://kubernetes.default.svc"].map(
    (serverAddress): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.triggers[].metadata.serverAddress",
      spec: scaled(prometheus({ serverAddress })),
    }),
  ),
  {
    kind: "ScaledObject",
    at: "spec.triggers[].authenticationRef",
    spec: scaled(prometheus({}, { authenticationRef: { kind: "ClusterTriggerAuthentication", name: "cloud" } })),
  },
  ...[
    { podIdentity: { provider: "aws" } },
    { hashiCorpVault: { address: "http://10.0.0.1" } },
    { boundServiceAccountToken: [{ parameter: "token", serviceAccountName: "reconciler" }] },
  ].map((spec): AddonAttack => ({ kind: "TriggerAuthentication", at: "spec", spec })),
];

const database = (at: string, spec: Fields): AddonAttack => ({ kind: "Database", at, spec });

const databases: readonly AddonAttack[] = [
  database("spec.backup.namespace", { backup: { namespace: "team-b" } }),
  database("spec.replicas[].secretRef.namespace", {
    replicas: [{}, { secretRef: { name: "a", namespace: "team-b" } }],
  }),
  database("spec.superuser", { superuser: { enabled: true } }),
  database("spec.class", { class: "huge" }),
  database("spec.extensions[]", { extensions: [{ name: "hstore" }, { name: "file", path: "/etc/passwd" }] }),
  database("spec.webhook", { webhook: "http://169.254.169.254" }),
];

/** An object for each rule of each add-on, that breaks it and no other. */
export const addonAttacks: readonly AddonAttack[] = [
  ...[...certManager, ...externalSecrets, ...prometheusOperator, ...gatewayApi],
  ...[...sealedSecrets, ...keda, ...databases],
];
