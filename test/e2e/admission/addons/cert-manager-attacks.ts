import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";

/** A Certificate of the platform's issuer with one more field. */
const shared = (spec: Fields): Fields => ({
  secretName: "web",
  issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
  dnsNames: ["shop.example.com"],
  ...spec,
});

const own = { secretName: "web", issuerRef: { name: "own" }, dnsNames: ["web"] };

/** Objects that each break one rule of cert-manager. */
export const certManager: readonly AddonAttack[] = [
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
    at: "spec.nameConstraints",
    spec: shared({ nameConstraints: { permitted: { dnsDomains: ["example.com"] } } }),
  },
  ...["cert sign", "client auth", "code signing", "any"].map(
    (usage): AddonAttack => ({
      kind: "Certificate",
      at: "spec.usages[]",
      spec: shared({ usages: ["server auth", usage] }),
    }),
  ),
  ...["87600h", "1h", "5m"].map(
    (duration): AddonAttack => ({ kind: "Certificate", at: "spec.duration", spec: shared({ duration }) }),
  ),
  ...["2159h", "1m"].map(
    (renewBefore): AddonAttack => ({ kind: "Certificate", at: "spec.renewBefore", spec: shared({ renewBefore }) }),
  ),
  ...["59m", "87601h", "-1h", "365d"].map(
    (duration): AddonAttack => ({ kind: "Certificate", at: "spec.duration", spec: { ...own, duration } }),
  ),
  ...["1m", "87601h"].map(
    (renewBefore): AddonAttack => ({ kind: "Certificate", at: "spec.renewBefore", spec: { ...own, renewBefore } }),
  ),
  { kind: "Certificate", at: "spec.renewBeforePercentage", spec: shared({ renewBeforePercentage: 95 }) },
  { kind: "Certificate", at: "spec.privateKey.size", spec: { ...own, privateKey: { algorithm: "RSA", size: 8192 } } },
  { kind: "Certificate", at: "spec.revisionHistoryLimit", spec: { ...own, revisionHistoryLimit: 1_000_000 } },
  {
    kind: "Certificate",
    at: "spec.secretTemplate.labels",
    spec: { ...own, secretTemplate: { labels: { "app.kubernetes.io/managed-by": "fleet" } } },
  },
  ...["replicator.example.com/to", "k8s-sidecar-target-directory"].map(
    (key): AddonAttack => ({
      kind: "Certificate",
      at: "spec.secretTemplate.annotations",
      spec: { ...own, secretTemplate: { annotations: { [key]: "team-b" } } },
    }),
  ),
  ...[
    { acme: { server: "http://169.254.169.254", privateKeySecretRef: { name: "key" } } },
    { vault: { server: "http://10.0.0.1", path: "pki", auth: { tokenSecretRef: { name: "token", key: "token" } } } },
    { venafi: { zone: "z", tpp: { url: "https://10.0.0.1", credentialsRef: { name: "venafi" } } } },
  ].map((spec): AddonAttack => ({ kind: "Issuer", at: "spec", spec })),
];
