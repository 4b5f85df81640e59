import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { HOSTS_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { type Case, objectOf, type Place, type Spec } from "./cases.js";

/** Annotations of a namespace whose tenant may serve these hosts. */
export const ofHosts = { [HOSTS_ANNOTATION]: "*.apps.example.com,shop.example.com" };

const routeKinds = ["HTTPRoute", "GRPCRoute", "TLSRoute"];

/** Gateway API's routes as far as the API server must know them: it takes whatever the spec says. */
export const gatewayKinds: readonly KubernetesObject[] = routeKinds.map((kind) => {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.gateway.networking.k8s.io`,
      // Kinds in this group must say who agreed to them.
      annotations: { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/2466" },
    },
    spec: {
      group: "gateway.networking.k8s.io",
      names: { kind, plural },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
});

const backend = { service: { name: "web", port: { number: 80 } } };
const rule = (host?: string) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
});

/** An Ingress of these hosts. @param more fields of its spec */
export function ingressOf(place: Place, hosts: readonly string[], more: Spec = {}): KubernetesObject {
  return objectOf(place, "networking.k8s.io/v1", "Ingress", { rules: hosts.map(rule), ...more });
}

/** The same with an annotation. */
export function annotated(object: KubernetesObject, key: string, value: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations: { [key]: value } } as KubernetesObject["metadata"] };
}

const strange =
  /the hosts .* are not in the tenant file, which lists \*\.apps\.example\.com, shop\.example\.com: change/;

/** What an Ingress names, or leaves out. */
function ingressCases(place: Place): Case[] {
  const ingress = (hosts: readonly string[], more: Spec = {}) => ingressOf(place, hosts, more);
  const open =
    /an Ingress without hosts receives requests for other tenants' hosts: remove spec\.defaultBackend, and set/;
  return [
    ...[
      ["another tenant's host", "pay.example.com"],
      ["a wildcard above its own host", "*.example.com"],
      ["a wildcard below its own host", "*.shop.example.com"],
      ["the name that its wildcard is below of", "apps.example.com"],
      ["a name that ends like its own", "evilshop.example.com"],
      ["a name that ends like its wildcard", "evilapps.example.com"],
      ["a name that begins like its own", "shop.example.com.evil.org"],
    ].map(([title, host = ""]) => ({ title: `an Ingress of ${title}`, object: ingress([host]), refused: strange })),
    {
      title: "an Ingress of another tenant's host behind its own",
      object: ingress(["shop.example.com", "pay.example.com"]),
      refused: /the hosts pay\.example\.com are not in the tenant file/,
    },
    {
      title: "an Ingress with a certificate for another tenant's host",
      object: ingress(["shop.example.com"], { tls: [{ hosts: ["shop.example.com", "pay.example.com"] }] }),
      refused: strange,
    },
    { title: "an Ingress of no host", object: ingressOf(place, [], { rules: [rule()] }), refused: open },
    {
      title: "an Ingress with a rule of no host behind its own",
      object: ingressOf(place, [], { rules: [rule("shop.example.com"), rule()] }),
      refused: open,
    },
    {
      title: "an Ingress for everything else",
      object: ingressOf(place, [], { rules: undefined, defaultBackend: backend }),
      refused: open,
    },
    {
      title: "an Ingress for everything else beside its own host",
      object: ingress(["shop.example.com"], { defaultBackend: backend }),
      refused: open,
    },
    {
      title: "an Ingress with a certificate for whatever host",
      object: ingress(["shop.example.com"], { tls: [{ secretName: "shop-tls" }] }),
      refused: open,
    },
    ...[
      "shop.example.com",
      "*.apps.example.com",
      "a.apps.example.com",
      "a.b.apps.example.com",
      "*.a.apps.example.com",
    ].map((host) => ({ title: `an Ingress of ${host}`, object: ingress([host], { tls: [{ hosts: [host] }] }) })),
  ];
}

/** Annotations by which controllers serve further hosts. */
function annotationCases(place: Place): Case[] {
  const ingress = ingressOf(place, ["shop.example.com"]);
  const service = objectOf(place, "v1", "Service", { ports: [{ port: 80 }], clusterIP: "None" });
  const refused = /hosts must be written in full: remove annotations with patterns or conditions/;
  const strangers: readonly (readonly [key: string, value: string])[] = [
    ["nginx.ingress.kubernetes.io/server-alias", "pay.example.com"],
    ["nginx.ingress.kubernetes.io/server-alias", "a.apps.example.com, pay.example.com"],
    ["nginx.ingress.kubernetes.io/server-alias", "~^.+\\.apps\\.example\\.com$"],
    ["nginx.ingress.kubernetes.io/server-alias", "~.apps.example.com"],
    ["nginx.ingress.kubernetes.io/server-alias", ".apps.example.com"],
    ["nginx.ingress.kubernetes.io/from-to-www-redirect", "true"],
    ["nginx.example.com/server-alias", "pay.example.com"],
    ["haproxy-ingress.github.io/server-alias", "a.apps.example.com pay.example.com"],
    ["haproxy-ingress.github.io/redirect-from", "pay.example.com"],
    ["konghq.com/host-aliases", "pay.example.com"],
    ["external-dns.alpha.kubernetes.io/hostname", "pay.example.com"],
    ["external-dns.kubernetes.io/internal-hostname", "pay.example.com"],
    ["cert-manager.io/common-name", "pay.example.com"],
  ];
  const opaque = ["haproxy-ingress.github.io/server-alias-regex", "alb.ingress.kubernetes.io/conditions.web"];
  return [
    ...strangers.map(([key, value]) => ({
      title: `an Ingress with ${key}: ${value}`,
      object: annotated(ingress, key, value),
      refused: strange,
    })),
    ...opaque.map((key) => ({ title: `an Ingress with ${key}`, object: annotated(ingress, key, "a"), refused })),
    {
      title: "a Service by which another tenant's host leads to its pods",
      object: annotated(service, "external-dns.alpha.kubernetes.io/hostname", "pay.example.com"),
      refused: strange,
    },
    {
      title: "an Ingress with an alias of its own",
      object: annotated(ingress, "nginx.ingress.kubernetes.io/server-alias", "A.apps.example.com, b.apps.example.com"),
    },
    {
      title: "an Ingress that redirects from its own name with www",
      object: annotated(
        ingressOf(place, ["a.apps.example.com"]),
        "nginx.ingress.kubernetes.io/from-to-www-redirect",
        "true",
      ),
    },
    {
      title: "an Ingress that says that it does not redirect",
      object: annotated(ingress, "nginx.ingress.kubernetes.io/from-to-www-redirect", "false"),
    },
    {
      title: "an Ingress with an annotation about other things",
      object: annotated(ingress, "nginx.ingress.kubernetes.io/proxy-body-size", "8m"),
    },
    {
      title: "a Service by which its own host leads to its pods",
      object: annotated(service, "external-dns.alpha.kubernetes.io/hostname", "shop.example.com"),
    },
    { title: "a Service without a host", object: service },
  ];
}

/** Gateway API's routes, and Flagger's Canaries, of which it makes routes. */
function routeCases(place: Place): Case[] {
  const gateway = { name: "public", namespace: "gateways" };
  const mesh = { group: "", kind: "Service", name: "web" };
  const route = (kind: string, spec: Spec) =>
    objectOf(place, "gateway.networking.k8s.io/v1", kind, { parentRefs: [gateway], ...spec });
  const canary = (service: Spec) =>
    objectOf(place, "flagger.app/v1beta1", "Canary", {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      service: { port: 80, ...service },
    });
  const open = /a route without hosts receives requests for other tenants' hosts: set spec\.hostnames/;
  return [
    ...routeKinds.flatMap((kind) => [
      {
        title: `a ${kind} of another tenant's host behind its own`,
        object: route(kind, { hostnames: ["shop.example.com", "pay.example.com"] }),
        refused: strange,
      },
      { title: `a ${kind} of no host`, object: route(kind, {}), refused: open },
      { title: `a ${kind} of an empty list of hosts`, object: route(kind, { hostnames: [] }), refused: open },
      {
        title: `a ${kind} of its own hosts`,
        object: route(kind, { hostnames: ["shop.example.com", "*.apps.example.com"] }),
      },
    ]),
    {
      title: "an HTTPRoute of no host for a Service of its own and a gateway",
      object: route("HTTPRoute", { parentRefs: [mesh, gateway] }),
      refused: open,
    },
    {
      title: "an HTTPRoute of no host for another tenant's Service",
      object: route("HTTPRoute", { parentRefs: [{ ...mesh, namespace: "team-b" }] }),
      refused: open,
    },
    {
      title: "an HTTPRoute of no host for something that is only called Service",
      object: route("HTTPRoute", { parentRefs: [{ kind: "Service", name: "web" }] }),
      refused: open,
    },
    { title: "an HTTPRoute of no host and no parent", object: route("HTTPRoute", { parentRefs: [] }), refused: open },
    {
      title: "an HTTPRoute within a mesh, for a Service of its own",
      object: route("HTTPRoute", { parentRefs: [mesh, { ...mesh, namespace: place.namespace }] }),
    },
    { title: "a Canary of another tenant's host", object: canary({ hosts: ["pay.example.com"] }), refused: strange },
    { title: "a Canary of every host", object: canary({ hosts: ["*"] }), refused: strange },
    { title: "a Canary of its own host", object: canary({ hosts: ["shop.example.com"] }) },
    { title: "a Canary that names no host", object: canary({}) },
  ];
}

/** Policy fleet-hosts, in a namespace annotated with {@link ofHosts}. */
export function hostCases(place: Place): Case[] {
  return [...ingressCases(place), ...annotationCases(place), ...routeCases(place)];
}
