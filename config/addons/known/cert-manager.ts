import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { type FieldRule, plainKeys } from "../field-rule.js";

/** A ClusterIssuer is trusted beyond the namespace, so it must certify none but the tenant's hosts. */
const whenShared = { at: "spec.issuerRef.kind", is: ["ClusterIssuer"] };

/** Usages of a certificate for a server, by which clients find the tenant's hosts. */
const serverUsages = ["digital signature", "key agreement", "key encipherment", "server auth", "signing"];

const certificate: readonly FieldRule[] = [
  {
    at: "spec.issuerRef",
    form: "reference",
    groups: ["", "cert-manager.io"],
    defaultKind: "Issuer",
    own: ["Issuer"],
    shared: "ClusterIssuer",
  },
  { at: "spec.dnsNames[]", form: "host", when: whenShared },
  { at: "spec.commonName", form: "host", when: whenShared },
  { at: "spec.isCA", form: "value", of: [false], when: whenShared },
  ...["ipAddresses", "uris", "emailAddresses", "otherNames", "literalSubject", "subject", "nameConstraints"].map(
    (field): FieldRule => ({ at: `spec.${field}`, form: "absent", when: whenShared }),
  ),
  // A client's certificate of the platform's authority, or one for code, is trusted where no host is looked at.
  { at: "spec.usages[]", form: "value", of: serverUsages, when: whenShared },
  // No shared issuer revokes the certificates of a tenant that leaves.
  { at: "spec.duration", form: "duration", least: "1440h", most: "8760h", when: whenShared },
  // An authority counts the requests of one account. A renewal in each hour would use up those of all tenants.
  { at: "spec.renewBefore", form: "duration", least: "5m", most: "720h", when: whenShared },
  { at: "spec.renewBeforePercentage", form: "number", most: 50, when: whenShared },
  // One cert-manager renews the certificates of all tenants, also those of their own issuers.
  { at: "spec.duration", form: "duration", least: "1h", most: "87600h" },
  { at: "spec.renewBefore", form: "duration", least: "5m", most: "87600h" },
  // cert-manager creates the keys of all tenants: one of 8192 bits takes many seconds.
  { at: "spec.privateKey.size", form: "number", most: 4096 },
  { at: "spec.revisionHistoryLimit", form: "number", most: 10 },
  // cert-manager sets them on the Secret under its own name, past the policy on labels.
  { at: "spec.secretTemplate.labels", ...plainKeys },
  { at: "spec.secretTemplate.annotations", ...plainKeys },
];

/**
 * An Issuer of a tenant signs with a key of the namespace. All other types connect cert-manager to an address of the
 * tenant's choice, or let it use an identity of its own: those are ClusterIssuers of the platform.
 * @see https://cert-manager.io/docs/configuration/issuers/
 */
const issuer: readonly FieldRule[] = [{ at: "spec", form: "fields", names: ["selfSigned", "ca"] }];

/** Requests carry a signing request, whose names no policy can read: cert-manager creates them from Certificates. */
export const certManager: KnownAddon = {
  ...addonNames("cert-manager"),
  // On an Ingress, they have cert-manager create a Certificate under its own name.
  annotations: ["acme.cert-manager.io/*", "cert-manager.io/*", "kubernetes.io/tls-acme", "venafi.cert-manager.io/*"],
  purpose: "certificates for the tenant's hosts, and a certificate authority within the namespace",
  kinds: [
    ...kindsOf(
      "cert-manager.io",
      "v1",
      { kind: "Certificate", plural: "certificates", most: 20, rules: certificate },
      { kind: "Issuer", plural: "issuers", most: 5, rules: issuer },
      { kind: "CertificateRequest", plural: "certificaterequests", access: "read" },
    ),
    ...kindsOf(
      "acme.cert-manager.io",
      "v1",
      { kind: "Order", plural: "orders", access: "read" },
      { kind: "Challenge", plural: "challenges", access: "read" },
    ),
  ],
  sharedKinds: [{ kind: "ClusterIssuer", namespaced: false }],
};
