import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { type FieldRule, inNamespace } from "../field-rule.js";

const group = "gateway.networking.k8s.io";

/** A Gateway that the stack shares, or, for traffic within the namespace, a Service or a Gateway of the namespace. */
const parents = { form: "reference", groups: ["", group], own: ["Gateway", "Service"], shared: "Gateway" } as const;

/** Services of the namespace. Other kinds lead to addresses outside, or to other clusters. */
const backends = (at: string): FieldRule[] => [
  { at: `${at}.group`, form: "value", of: [""] },
  { at: `${at}.kind`, form: "value", of: ["Service"] },
  ...inNamespace(`${at}.namespace`),
];

/** Filters that need no other object than the mirror's Service, by their fields. */
const filters = (at: string, types: readonly string[]): FieldRule[] => [
  { at: `${at}.type`, form: "value", of: types },
  ...backends(`${at}.requestMirror.backendRef`),
];

const headers = ["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror"];

/** Lengths of time of a rule. The gateway keeps connections and sessions of all tenants. */
const durations = (...fields: readonly string[]): FieldRule[] =>
  fields.map((field) => ({ at: `spec.rules[].${field}`, form: "duration", least: "1ms", most: "24h" }));

/** `idleTimeout` is a field of older definitions. Those of v1.6 do not have it. */
const sessions = durations("sessionPersistence.absoluteTimeout", "sessionPersistence.idleTimeout");

const route: readonly FieldRule[] = [
  { at: "spec.parentRefs[]", ...parents, defaultKind: "Gateway" },
  { at: "spec.useDefaultGateways", form: "value", of: ["None"] },
  ...backends("spec.rules[].backendRefs[]"),
];

const withFilters = (...types: readonly string[]): readonly FieldRule[] => [
  ...route,
  ...filters("spec.rules[].filters[]", [...headers, ...types]),
  ...filters("spec.rules[].backendRefs[].filters[]", [...headers, ...types]),
];

/**
 * Routes of Gateway API. Hosts are those of the policy `fleet-hosts`. A ReferenceGrant, which gives others access, and
 * a Gateway are the platform's.
 * @see https://gateway-api.sigs.k8s.io/concepts/security-model/
 */
export const gatewayApi: KnownAddon = {
  ...addonNames("gateway-api"),
  purpose: "routes from the platform's Gateways to the tenant's Services, and TLS to these",
  kinds: kindsOf(
    group,
    "v1",
    {
      kind: "HTTPRoute",
      plural: "httproutes",
      rules: [
        ...withFilters("RequestRedirect", "URLRewrite", "CORS"),
        ...durations("timeouts.request", "timeouts.backendRequest", "retry.backoff"),
        ...sessions,
      ],
    },
    { kind: "GRPCRoute", plural: "grpcroutes", rules: [...withFilters(), ...sessions] },
    { kind: "TLSRoute", plural: "tlsroutes", rules: route },
    {
      kind: "BackendTLSPolicy",
      plural: "backendtlspolicies",
      rules: [
        { at: "spec.targetRefs[].group", form: "value", of: [""] },
        { at: "spec.targetRefs[].kind", form: "value", of: ["Service"] },
        { at: "spec.validation.caCertificateRefs[].kind", form: "value", of: ["ConfigMap", "Secret"] },
        { at: "spec.validation.caCertificateRefs[].group", form: "value", of: [""] },
      ],
    },
  ),
  sharedKinds: [{ kind: "Gateway", namespaced: true }],
};
