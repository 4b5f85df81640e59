import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { type FieldRule, plainKeys } from "../field-rule.js";

/** A ClusterIssuer is trusted beyond the namespace, so it must certify none but the tenant's hosts. */
const whenShared = { at: "spec.issuerRef.kind", is: ["ClusterIssuer"] };

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
  ...["ipAddresses", "uris", "emailAddresses", "otherNames", "literalSubject", "subject"].map(
    (field): FieldRule => ({ at: `spec.${field}`, form: "absent", when: whenShared }),
  ),
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
