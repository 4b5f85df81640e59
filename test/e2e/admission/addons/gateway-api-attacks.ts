import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";

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
    ...durationsOf(kind).flatMap(([at, rule]) =>
      ["25h", "1us", "100000h"].map(
        (time): AddonAttack => ({ kind, at: `spec.rules[].${at}`, spec: route({ rules: [rule(time)] }) }),
      ),
    ),
  ];
});

/** Lengths of time of a rule of a route, with the rule that has one. */
function durationsOf(kind: "HTTPRoute" | "GRPCRoute" | "TLSRoute"): readonly [string, (time: string) => Fields][] {
  const sessions = ["absoluteTimeout", "idleTimeout"].map((field): [string, (time: string) => Fields] => [
    `sessionPersistence.${field}`,
    (time) => ({ sessionPersistence: { [field]: time } }),
  ]);
  if (kind === "TLSRoute") return [];
  if (kind === "GRPCRoute") return sessions;
  return [
    ...sessions,
    ["timeouts.request", (request) => ({ timeouts: { request } })],
    ["timeouts.backendRequest", (backendRequest) => ({ timeouts: { backendRequest } })],
    ["retry.backoff", (backoff) => ({ retry: { backoff } })],
  ];
}

const tlsPolicy = (spec: Fields): Fields => ({
  targetRefs: [{ group: "", kind: "Service", name: "web" }],
  validation: { hostname: "web.example.com", caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "ca" }] },
  ...spec,
});
const authority = (fields: Fields) =>
  tlsPolicy({ validation: { caCertificateRefs: [{ group: "", kind: "ConfigMap", ...fields }] } });

/** Objects that each break one rule of gateway-api. */
export const gatewayApi: readonly AddonAttack[] = [
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
