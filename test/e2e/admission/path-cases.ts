import { ingress, ingressBackend, route } from "../../support/objects/network.js";
import type { Fields } from "../../support/objects/object.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** A host that the tenant may serve. */
const host = "shop.example.com";

/** Paths that end a text in the configuration of a controller, make it invalid, or keep it busy. */
const crooked = [
  "/`) || Host(`pay.example.com",
  '/"; deny all; "',
  "/ { return 200; } location /a",
  "/\nproxy_pass http://10.0.0.1",
  "/a;b",
  "/a#b",
  "/a b",
  "/{id:[0-9]+}",
  "/a'b",
  "/a\\",
  "/\\Qa",
  "/(a",
  "/a)",
  "/[z-a]",
  "/[a",
  "/a**",
  "/(a+)+b",
  "/(a|(b))",
  "/(.*)(.*)(.*)b",
  "/(?i)a",
];

/** Paths of every day; some with regular expressions. */
const plain = [
  "/",
  "/shop",
  "/shop/",
  "/v1.2/a_b-c~d/%C3%A9",
  "/pkg.v1.Service/Method",
  "/*",
  "/shop/*",
  "/api(/|$)(.*)",
  "/shop/?(.*)",
  "/[a-z0-9-]+/items/[^/]+$",
  "/.*\\.(js|css|png)$",
  "/v\\d/items",
  "/.well-known/acme-challenge/XJtG_1-0",
];

const unplainPath = /fleet-paths.*paths must be plain, because controllers copy them/;
const unplainMatch = /fleet-paths.*matches must be plain, because controllers copy them/;
const unplainFilter = /fleet-paths.*filters must be plain, because controllers copy them/;

/** Policy fleet-paths, in a namespace whose tenant may serve shop.example.com. */
export function pathCases(place: Place): Case[] {
  const at = (path: string, pathType: string) =>
    ingress(place, [], { rules: [{ host, http: { paths: [{ path, pathType, backend: ingressBackend }] } }] });
  const http = (rule: Fields) => route("HTTPRoute", place, { hostnames: [host], rules: [rule] });
  const matching = (match: Fields) => http({ matches: [{ path: { value: "/" } }, match] });
  const regular = (value: string) => matching({ path: { type: "RegularExpression", value } });
  return [
    ...refused(unplainPath, {
      ...each(crooked, (path) => [`an Ingress at ${JSON.stringify(path)}`, at(path, "ImplementationSpecific")]),
      ...each(crooked, (path) => [`an HTTPRoute at ${JSON.stringify(path)}`, regular(path)]),
      "an Ingress with a crooked path of the type Prefix": at("/`) || Host(`pay.example.com", "Prefix"),
      "an Ingress with a crooked path behind a plain one": ingress(place, [], {
        rules: [
          { host, http: { paths: [{ path: "/", pathType: "Prefix", backend: ingressBackend }] } },
          { host, http: { paths: [{ path: "/`", pathType: "Exact", backend: ingressBackend }] } },
        ],
      }),
      "an HTTPRoute with a crooked prefix": matching({ path: { type: "PathPrefix", value: "/a'b" } }),
    }),
    ...refused(unplainMatch, matchCases(place)),
    ...refused(unplainFilter, filterCases(place)),
    ...allowed({
      ...each(plain, (path) => [`an Ingress at the plain path ${path}`, at(path, "ImplementationSpecific")]),
      ...each(plain, (path) => [`an HTTPRoute at the plain path ${path}`, regular(path)]),
      "an HTTPRoute with everything that is plain": http(plainRule),
      "a GRPCRoute of one method": route("GRPCRoute", place, {
        hostnames: [host],
        rules: [{ matches: [{ method: { service: "shop.v1.Orders", method: "List" } }] }],
      }),
    }),
  ];
}

/** A rule of a route with everything that has a form, and has it. */
const plainRule: Fields = {
  matches: [
    {
      path: { type: "PathPrefix", value: "/api" },
      headers: [
        { name: "X-Version", value: "application/vnd.shop+json; v=1" },
        { type: "RegularExpression", name: "X-Tester", value: "^(yes|on) ?\\d*$" },
      ],
      queryParams: [{ name: "beta", value: "true" }],
    },
  ],
  filters: [
    {
      type: "ResponseHeaderModifier",
      responseHeaderModifier: {
        set: [{ name: "Content-Security-Policy", value: "default-src 'self'; img-src https://*.example.com" }],
        remove: ["X-Powered-By"],
      },
    },
    { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } },
    {
      type: "CORS",
      cors: {
        allowOrigins: ["https://*.example.com"],
        allowMethods: ["*"],
        allowHeaders: ["X-A", "Content-Type"],
      },
    },
    { type: "ExtensionRef", extensionRef: { group: "traefik.io", kind: "Middleware", name: "headers" } },
  ],
  sessionPersistence: { sessionName: "shop-session" },
  backendRefs: [{ name: "web", port: 80 }],
};

/** Matches beside the path, with a backtick that ends a text in a rule of Traefik. */
function matchCases(place: Place) {
  const match = (match: Fields) => route("HTTPRoute", place, { hostnames: [host], rules: [{ matches: [match] }] });
  const tick = "a`) || Host(`pay.example.com";
  return {
    "a header with a crooked value": match({ headers: [{ name: "X-A", value: tick }] }),
    "a header with a crooked name": match({ headers: [{ name: "X`A", value: "a" }] }),
    "a header with a regular expression that repeats repetitions": match({
      headers: [{ type: "RegularExpression", name: "X-A", value: "(a+)+" }],
    }),
    "a header with a regular expression of many repetitions": match({
      headers: [{ type: "RegularExpression", name: "X-A", value: "a*a*a*b" }],
    }),
    "a query parameter with a crooked value": match({ queryParams: [{ name: "a", value: tick }] }),
    "a GRPCRoute of a crooked method": route("GRPCRoute", place, {
      hostnames: [host],
      rules: [{ matches: [{ method: { type: "RegularExpression", service: tick } }] }],
    }),
  };
}

/** Filters of rules and of backends. */
function filterCases(place: Place) {
  const rule = (rule: Fields) => route("HTTPRoute", place, { hostnames: [host], rules: [rule] });
  const header = (value: string, name = "X-A") => ({
    type: "RequestHeaderModifier",
    requestHeaderModifier: { add: [{ name, value }] },
  });
  const backend = (...filters: readonly Fields[]) => ({ name: "web", port: 80, filters });
  return {
    "a header with a line break": rule({ filters: [header("a\r\nHost: pay.example.com")] }),
    "a header with a variable": rule({ filters: [header("$http_cookie")] }),
    "a header with a double quote in its name": rule({ filters: [header("a", 'X"')] }),
    "the removal of a crooked header": rule({ filters: [{ responseHeaderModifier: { remove: ["`"] } }] }),
    "a crooked header behind a plain one, of the second backend": rule({
      backendRefs: [backend(header("a")), backend(header("a"), header('"'))],
    }),
    "a crooked header in a filter of CORS": rule({ filters: [{ type: "CORS", cors: { allowHeaders: ["X-A`"] } }] }),
    "a crooked origin in a filter of CORS": rule({
      filters: [{ type: "CORS", cors: { allowOrigins: ["https://a.example.com;"] } }],
    }),
    "a crooked path for a service that is asked about requests": rule({
      filters: [{ type: "ExternalAuth", externalAuth: { http: { path: "/; deny all" } } }],
    }),
    "a crooked header for a service that is asked about requests": rule({
      filters: [{ type: "ExternalAuth", externalAuth: { http: { allowedHeaders: ["X$A"] } } }],
    }),
    "a crooked name of an extension": rule({
      filters: [{ type: "ExtensionRef", extensionRef: { group: "traefik.io", kind: "Middleware", name: "a@file" } }],
    }),
    "a crooked name of a cookie": rule({ sessionPersistence: { sessionName: 'a"; b' } }),
    "a crooked path in a redirect": rule({
      filters: [{ type: "RequestRedirect", requestRedirect: { path: { replaceFullPath: "/`" } } }],
    }),
    "a crooked path in place of a prefix": rule({
      filters: [{ type: "URLRewrite", urlRewrite: { path: { replacePrefixMatch: "/$a" } } }],
    }),
  };
}
