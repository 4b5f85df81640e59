import { configMap, secret, serviceAccount } from "../../support/objects/configuration.js";
import { ingressBackend, ingress as ingressOf, networkPolicy } from "../../support/objects/network.js";
import { type Kind, NAME, object } from "../../support/objects/object.js";
import { account, readsConfigMaps, role, roleBinding } from "../../support/objects/rbac.js";
import { autoscaler, volumeClaim } from "../../support/objects/workloads.js";
import type { Place } from "../attack.js";
import { list } from "../request.js";
import { OWN_HOST, OWN_WILDCARD } from "../tenant-objects.js";
import { appPorts, appSelector, appService, daily, type Legitimate } from "./legitimate.js";

const nginx = "nginx.ingress.kubernetes.io";

/** Connections of workloads, their permissions and their configuration. */
export const services: readonly Legitimate[] = [
  ...daily(connections),
  ...daily(ingresses),
  ...daily(furtherIngresses),
  ...daily(permissions, {
    "a NetworkPolicy between its own pods": { benchmark: "network-policies" },
    "a Role of rights that the tenant has itself": { benchmark: "role-bindings" },
    "a RoleBinding of a Role of its own to an account of its own": {
      benchmark: "role-bindings",
      first: (place) => [role(place, readsConfigMaps)],
    },
  }),
  ...daily(configuration),
  reading("a look at its pods", "Pod"),
  reading("a look at the events of its namespace", "Event"),
  reading("a look at its ReplicaSets", "ReplicaSet"),
  reading("a look at the endpoints of its Services", "EndpointSlice"),
];

function connections(place: Place) {
  return {
    "a Service": appService(place),
    "a headless Service": appService(place, { clusterIP: "None" }),
    "a Service of several ports": appService(place, {
      ports: [...appPorts, { name: "metrics", port: 9090 }, { name: "dns", port: 53, protocol: "UDP" }],
    }),
    "a Service that keeps to one pod": appService(place, { sessionAffinity: "ClientIP" }),
  };
}

function ingresses(place: Place) {
  const own = (name: string) => `http://${name}.${place.namespace}.svc.cluster.local`;
  const ingress = annotated(place);
  return {
    "an Ingress": ingressOf(place, [OWN_HOST]),
    "an Ingress with TLS of a class": ingressOf(place, [OWN_HOST], {
      ingressClassName: "nginx",
      tls: [{ hosts: [OWN_HOST], secretName: "shop-tls" }],
    }),
    "an Ingress of a wildcard, and of a name below it": ingressOf(place, [OWN_WILDCARD, `api.${OWN_HOST}`]),
    "an Ingress with annotations, an alias of its own among them": ingress({
      [`${nginx}/proxy-body-size`]: "8m",
      [`${nginx}/server-alias`]: `www.${OWN_HOST}`,
    }),
    "an Ingress that rewrites paths, with a certificate of cert-manager's": ingress({
      [`${nginx}/rewrite-target`]: "/$2",
      [`${nginx}/use-regex`]: "true",
      "cert-manager.io/cluster-issuer": "letsencrypt",
    }),
    "an Ingress that asks a Service of its own who is logged in": ingress({
      [`${nginx}/auth-url`]: `${own("oauth2-proxy")}:4180/oauth2/auth`,
      [`${nginx}/auth-signin`]: "https://$host/oauth2/start?rd=$escaped_request_uri",
    }),
    "an Ingress that shows its requests to another Service of its own": ingress({
      [`${nginx}/mirror-target`]: `${own("shadow")}/$request_uri`,
    }),
    "an Ingress for some addresses alone": ingress({
      [`${nginx}/whitelist-source-range`]: "203.0.113.0/24, 2001:db8::/32",
    }),
    "an Ingress that other sites may call, and that leads elsewhere": ingress({
      [`${nginx}/enable-cors`]: "true",
      [`${nginx}/cors-allow-origin`]: "https://www.example.com",
      [`${nginx}/permanent-redirect`]: "https://www.example.com/",
    }),
  };
}

/** Annotations of controllers by which requests are split, checked and redirected. */
function furtherIngresses(place: Place) {
  const ingress = annotated(place);
  const at = (path: string) => ({ path, pathType: "ImplementationSpecific", backend: ingressBackend });
  return {
    "an Ingress of paths with regular expressions": ingressOf(place, [], {
      rules: [{ host: OWN_HOST, http: { paths: [at("/api(/|$)(.*)"), at("/.*\\.(js|css)$")] } }],
    }),
    "an Ingress with a realm and a type of content": ingress({
      [`${nginx}/auth-realm`]: "Shop / Admin",
      "haproxy.org/response-set-header": "Content-Type application/json",
    }),
    "an Ingress with notes for people": ingress({
      runbook: "https://runbooks.example.com/shop",
      "a8r.io/owner": "payments/shop",
    }),
    "a Service with notes of Prometheus and Helm": appService({
      ...place,
      annotations: { "prometheus.io/scrape": "true", "meta.helm.sh/release-name": "shop" },
    }),
    "an Ingress for a part of the requests": ingress({
      [`${nginx}/canary`]: "true",
      [`${nginx}/canary-weight`]: "10",
    }),
    "an Ingress for Traefik, with what the platform offers": ingress({
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
      "traefik.ingress.kubernetes.io/router.middlewares": "headers@file",
    }),
    "an Ingress with passwords in a Secret of its own": ingress({
      [`${nginx}/auth-type`]: "basic",
      [`${nginx}/auth-secret`]: "passwords",
    }),
    "an Ingress that redirects, for a load balancer of AWS": ingress({
      "alb.ingress.kubernetes.io/actions.ssl-redirect":
        '{"type":"redirect","redirectConfig":{"protocol":"HTTPS","port":"443","statusCode":"HTTP_301"}}',
    }),
  };
}

/** Ingresses of the tenant's host, with annotations. */
function annotated(place: Place) {
  return (annotations: Readonly<Record<string, string>>) => ingressOf({ ...place, annotations }, [OWN_HOST]);
}

function permissions(place: Place) {
  return {
    "a NetworkPolicy between its own pods": networkPolicy(place, {
      podSelector: { matchLabels: appSelector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }], ports: [{ port: "http" }] }],
      egress: [{ to: [{ podSelector: { matchLabels: { app: "database" } } }] }],
    }),
    "a NetworkPolicy to the cluster's DNS, as charts have it": networkPolicy(place, {
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ namespaceSelector: {}, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
          ports: [{ port: 53, protocol: "UDP" }],
        },
      ],
    }),
    "a NetworkPolicy that shuts everything": networkPolicy(place, { policyTypes: ["Ingress", "Egress"] }),
    "a Role of rights that the tenant has itself": role(
      place,
      { apiGroups: [""], resources: ["configmaps", "endpoints"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
    ),
    "a RoleBinding of a Role of its own to an account of its own": roleBinding(
      place,
      `Role/${NAME}`,
      account("application", place.namespace),
    ),
  };
}

function configuration(place: Place) {
  return {
    "a Lease by which pods choose one of them": object("Lease", place, {
      spec: { holderIdentity: "first", leaseDurationSeconds: 15 },
    }),
    "a ConfigMap": configMap(place, { "application.yaml": "a: b\n" }),
    "a ConfigMap of bytes that never changes": object("ConfigMap", place, {
      immutable: true,
      binaryData: { a: Buffer.from("b", "utf8").toString("base64") },
    }),
    "a Secret": secret(place, { password: "made up" }, { type: "Opaque" }),
    "a Secret with a GitHub App": secret(place, { githubAppID: "1", githubAppInstallationID: "2" }),
    "a Secret with an address of its application": secret(place, { url: "http://localhost:8080" }),
    "a Secret for basic authentication": secret(
      place,
      { username: "a", password: "made up" },
      { type: "kubernetes.io/basic-auth" },
    ),
    "a Secret with a registry's credentials": secret(
      place,
      { ".dockerconfigjson": "{}" },
      { type: "kubernetes.io/dockerconfigjson" },
    ),
    "a Secret with the address of a chat": secret(place, { address: "https://hooks.chat.example.com/T0/abc\n" }),
    "a Secret of a chart": secret({ ...place, annotations: { "helm.sh/resource-policy": "keep" } }, { password: "x" }),
    "a claim that a tool keeps": volumeClaim({ ...place, annotations: { "helm.sh/resource-policy": "keep" } }),
    "an autoscaler of a chart": autoscaler({ ...place, annotations: { "meta.helm.sh/release-name": "shop" } }),
    "a ConfigMap whose change restarts workloads": configMap({
      ...place,
      annotations: { "reloader.stakater.com/match": "true" },
    }),
    "an account for pods": serviceAccount(place, { automountServiceAccountToken: false }),
    "an account with an annotation": serviceAccount({ ...place, annotations: { owner: "shop" } }),
    "an account with credentials for images": serviceAccount(place, { imagePullSecrets: [{ name: "registry" }] }),
  };
}

function reading(title: string, kind: Kind): Legitimate {
  return { title, request: ({ namespace }) => list(kind, namespace) };
}
