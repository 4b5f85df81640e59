import { HOSTS_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import {
  canary as canaryOf,
  ingress,
  ingressBackend,
  routeKinds,
  route as routeOf,
  service as serviceOf,
} from "../../support/objects/network.js";
import type { Fields } from "../../support/objects/object.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Annotations of a namespace whose tenant may serve these hosts. */
export const ofHosts = { [HOSTS_ANNOTATION]: "*.apps.example.com,shop.example.com" };

/** A host that the tenant may serve, and one that it may not. */
const own = "shop.example.com";
const strange = "pay.example.com";

const unlisted =
  /the hosts .* are not in the tenant file, which lists \*\.apps\.example\.com, shop\.example\.com: change/;

/** Policy fleet-hosts, in a namespace annotated with {@link ofHosts}. */
export function hostCases(place: Place): Case[] {
  return [
    ...ruleCases(place),
    ...openIngressCases(place),
    ...annotationCases(place),
    ...serviceCases(place),
    ...routeCases(place),
    ...meshCases(place),
    ...canaryCases(place),
  ];
}

/** The hosts of an Ingress. */
function ruleCases(place: Place): Case[] {
  const strangers = {
    "another tenant's host": strange,
    "a wildcard above its own host": "*.example.com",
    "a wildcard below its own host": "*.shop.example.com",
    "the name that its wildcard is below of": "apps.example.com",
    "a name that ends like its own": "evilshop.example.com",
    "a name that ends like its wildcard": "evilapps.example.com",
    "a name that begins like its own": "shop.example.com.evil.org",
  };
  const listed = [own, "*.apps.example.com", "a.apps.example.com", "a.b.apps.example.com", "*.a.apps.example.com"];
  return [
    ...refused(unlisted, {
      ...each(Object.entries(strangers), ([title, host]) => [`an Ingress of ${title}`, ingress(place, [host])]),
      "an Ingress with a certificate for another tenant's host": ingress(place, [own], {
        tls: [{ hosts: [own, strange] }],
      }),
    }),
    ...refused(/the hosts pay\.example\.com are not in the tenant file/, {
      "an Ingress of another tenant's host behind its own": ingress(place, [own, strange]),
    }),
    ...allowed(each(listed, (host) => [`an Ingress of ${host}`, ingress(place, [host], { tls: [{ hosts: [host] }] })])),
  ];
}

/** An Ingress that leaves hosts out. */
function openIngressCases(place: Place): Case[] {
  return refused(
    /an Ingress without hosts receives requests for other tenants' hosts: remove spec\.defaultBackend, and set/,
    {
      "an Ingress of no host": ingress(place, [undefined]),
      "an Ingress with a rule of no host behind its own": ingress(place, [own, undefined]),
      "an Ingress for everything else": ingress(place, [], { rules: undefined, defaultBackend: ingressBackend }),
      "an Ingress for everything else beside its own host": ingress(place, [own], { defaultBackend: ingressBackend }),
      "an Ingress with a certificate for whatever host": ingress(place, [own], { tls: [{ secretName: "shop-tls" }] }),
    },
  );
}

/** Annotations by which controllers serve further hosts. */
const furtherHosts: readonly (readonly [key: string, value: string])[] = [
  ["nginx.ingress.kubernetes.io/server-alias", "pay.example.com"],
  ["nginx.ingress.kubernetes.io/server-alias", "a.apps.example.com, pay.example.com"],
  ["nginx.ingress.kubernetes.io/server-alias", ".apps.example.com"],
  ["nginx.ingress.kubernetes.io/from-to-www-redirect", "true"],
  ["nginx.hosts.example.com/server-alias", "pay.example.com"],
  ["haproxy-ingress.github.io/server-alias", "a.apps.example.com pay.example.com"],
  ["haproxy-ingress.github.io/redirect-from", "pay.example.com"],
  ["konghq.com/host-aliases", "pay.example.com"],
  ["external-dns.alpha.kubernetes.io/hostname", "pay.example.com"],
  ["external-dns.kubernetes.io/internal-hostname", "pay.example.com"],
  ["cert-manager.io/common-name", "pay.example.com"],
];

function annotationCases(place: Place): Case[] {
  const annotated = (key: string, value: string, host = own) =>
    ingress({ ...place, annotations: { [key]: value } }, [host]);
  const redirect = "nginx.ingress.kubernetes.io/from-to-www-redirect";
  const opaque = ["haproxy-ingress.github.io/server-alias-regex", "alb.ingress.kubernetes.io/conditions.web"];
  return [
    ...refused(
      unlisted,
      each(furtherHosts, ([key, value]) => [`an Ingress with ${key}: ${value}`, annotated(key, value)]),
    ),
    ...refused(
      /hosts must be written in full: remove annotations with patterns or conditions/,
      each(opaque, (key) => [`an Ingress with ${key}`, annotated(key, "a")]),
    ),
    ...allowed({
      "an Ingress with an alias of its own": annotated(
        "nginx.ingress.kubernetes.io/server-alias",
        "A.apps.example.com, b.apps.example.com",
      ),
      "an Ingress that redirects from its own name with www": annotated(redirect, "true", "a.apps.example.com"),
      "an Ingress that says that it does not redirect": annotated(redirect, "false"),
      "an Ingress with an annotation about other things": annotated(
        "nginx.ingress.kubernetes.io/proxy-body-size",
        "8m",
      ),
    }),
  ];
}

/** Services of whose hosts external-dns makes records. */
function serviceCases(place: Place): Case[] {
  const service = (host?: string) => {
    const annotations =
      host === undefined ? {} : { annotations: { "external-dns.alpha.kubernetes.io/hostname": host } };
    return serviceOf({ ...place, ...annotations }, { clusterIP: "None" });
  };
  return [
    ...refused(unlisted, {
      "a Service by which another tenant's host leads to its pods": service(strange),
    }),
    ...allowed({
      "a Service by which its own host leads to its pods": service(own),
      "a Service without a host": service(),
    }),
  ];
}

const openRoute = /a route without hosts receives requests for other tenants' hosts: set spec\.hostnames/;

/** Gateway API's routes. */
function routeCases(place: Place): Case[] {
  return routeKinds.flatMap((kind) => {
    const route = (spec: Fields = {}) => routeOf(kind, place, spec);
    return [
      ...refused(unlisted, {
        [`a ${kind} of another tenant's host behind its own`]: route({ hostnames: [own, strange] }),
      }),
      ...refused(openRoute, {
        [`a ${kind} of no host`]: route(),
        [`a ${kind} of an empty list of hosts`]: route({ hostnames: [] }),
      }),
      ...allowed({ [`a ${kind} of its own hosts`]: route({ hostnames: [own, "*.apps.example.com"] }) }),
    ];
  });
}

/** Routes within a mesh, whose parent is a Service. */
function meshCases(place: Place): Case[] {
  const gateway = { name: "public", namespace: "gateways" };
  const mesh = { group: "", kind: "Service", name: "web" };
  const route = (...parentRefs: readonly Fields[]) => routeOf("HTTPRoute", place, { parentRefs });
  return [
    ...refused(openRoute, {
      "an HTTPRoute of no host for a Service of its own and a gateway": route(mesh, gateway),
      "an HTTPRoute of no host for another tenant's Service": route({ ...mesh, namespace: "team-b" }),
      "an HTTPRoute of no host for something that is only called Service": route({ kind: "Service", name: "web" }),
      "an HTTPRoute of no host and no parent": route(),
    }),
    ...allowed({
      "an HTTPRoute within a mesh, for a Service of its own": route(mesh, { ...mesh, namespace: place.namespace }),
    }),
  ];
}

/** Flagger's Canaries, of which it makes routes. */
function canaryCases(place: Place): Case[] {
  const canary = (service: Fields) => canaryOf(place, { service: { port: 80, ...service } });
  return [
    ...refused(unlisted, {
      "a Canary of another tenant's host": canary({ hosts: [strange] }),
      "a Canary of every host": canary({ hosts: ["*"] }),
    }),
    ...allowed({
      "a Canary of its own host": canary({ hosts: [own] }),
      "a Canary that names no host": canary({}),
    }),
  ];
}
