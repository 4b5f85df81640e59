import { ingressOf, NAME, OWN_HOST, OWN_WILDCARD, own, V } from "../objects.js";
import { create, list } from "../request.js";
import { type Legitimate, object } from "./legitimate.js";

type Fields = Readonly<Record<string, unknown>>;
const selector = { app: NAME };
const ports = [{ name: "http", port: 80, targetPort: "http" }];
const service = (title: string, spec: Fields): Legitimate =>
  object(title, "v1", "Service", { spec: { selector, ports, ...spec } });
const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const secret = (title: string, type: string, stringData: Readonly<Record<string, string>>): Legitimate =>
  object(title, "v1", "Secret", { type, stringData });
const ingress = (title: string, hosts: readonly string[], more: Parameters<typeof ingressOf>[2] = {}): Legitimate => ({
  title,
  request: (place) => create(ingressOf(place, hosts, more)),
});
const account = (title: string, fields: Fields, metadata: Fields = {}): Legitimate =>
  object(title, "v1", "ServiceAccount", fields, metadata);
const reading = (title: string, apiVersion: string, kind: string): Legitimate => ({
  title,
  request: ({ namespace }) => list(apiVersion, kind, namespace),
});

/** What connects workloads, and what they are told. */
export const services: readonly Legitimate[] = [
  service("a Service", {}),
  service("a headless Service", { clusterIP: "None" }),
  service("a Service of several ports", {
    ports: [...ports, { name: "metrics", port: 9090 }, { name: "dns", port: 53, protocol: "UDP" }],
  }),
  service("a Service that keeps to one pod", { sessionAffinity: "ClientIP" }),
  ingress("an Ingress", [OWN_HOST]),
  ingress("an Ingress with TLS of a class", [OWN_HOST], {
    spec: { ingressClassName: "nginx", tls: [{ hosts: [OWN_HOST], secretName: "shop-tls" }] },
  }),
  ingress("an Ingress of a wildcard, and of a name below it", [OWN_WILDCARD, `api.${OWN_HOST}`]),
  ingress("an Ingress with annotations, an alias of its own among them", [OWN_HOST], {
    annotations: {
      "nginx.ingress.kubernetes.io/proxy-body-size": "8m",
      "nginx.ingress.kubernetes.io/server-alias": `www.${OWN_HOST}`,
    },
  }),
  ingress("an Ingress that rewrites paths, with a certificate of cert-manager's", [OWN_HOST], {
    annotations: {
      "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
      "nginx.ingress.kubernetes.io/use-regex": "true",
      "cert-manager.io/cluster-issuer": "letsencrypt",
    },
  }),
  {
    title: "an Ingress that asks a Service of its own who is logged in",
    request: (place) =>
      create(
        ingressOf(place, [OWN_HOST], {
          annotations: {
            "nginx.ingress.kubernetes.io/auth-url": `http://oauth2-proxy.${place.namespace}.svc.cluster.local:4180/oauth2/auth`,
            "nginx.ingress.kubernetes.io/auth-signin": "https://$host/oauth2/start?rd=$escaped_request_uri",
          },
        }),
      ),
  },
  {
    title: "an Ingress that shows its requests to another Service of its own",
    request: (place) =>
      create(
        ingressOf(place, [OWN_HOST], {
          annotations: {
            "nginx.ingress.kubernetes.io/mirror-target": `http://shadow.${place.namespace}.svc.cluster.local/$request_uri`,
          },
        }),
      ),
  },
  ingress("an Ingress for some addresses alone", [OWN_HOST], {
    annotations: { "nginx.ingress.kubernetes.io/whitelist-source-range": "203.0.113.0/24, 2001:db8::/32" },
  }),
  ingress("an Ingress that other sites may call, and that leads elsewhere", [OWN_HOST], {
    annotations: {
      "nginx.ingress.kubernetes.io/enable-cors": "true",
      "nginx.ingress.kubernetes.io/cors-allow-origin": "https://www.example.com",
      "nginx.ingress.kubernetes.io/permanent-redirect": "https://www.example.com/",
    },
  }),
  ingress("an Ingress for a part of the requests", [OWN_HOST], {
    annotations: {
      "nginx.ingress.kubernetes.io/canary": "true",
      "nginx.ingress.kubernetes.io/canary-weight": "10",
    },
  }),
  ingress("an Ingress for Traefik, with what the platform offers", [OWN_HOST], {
    annotations: {
      "traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
      "traefik.ingress.kubernetes.io/router.middlewares": "headers@file",
    },
  }),
  ingress("an Ingress with passwords in a Secret of its own", [OWN_HOST], {
    annotations: {
      "nginx.ingress.kubernetes.io/auth-type": "basic",
      "nginx.ingress.kubernetes.io/auth-secret": "passwords",
    },
  }),
  ingress("an Ingress that redirects, for a load balancer of AWS", [OWN_HOST], {
    annotations: {
      "alb.ingress.kubernetes.io/actions.ssl-redirect":
        '{"type":"redirect","redirectConfig":{"protocol":"HTTPS","port":"443","statusCode":"HTTP_301"}}',
    },
  }),
  {
    ...object("a NetworkPolicy between its own pods", V.network, "NetworkPolicy", {
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: "http" }] }],
        egress: [{ to: [{ podSelector: { matchLabels: { app: "database" } } }] }],
      },
    }),
    benchmark: "network-policies",
  },
  object("a NetworkPolicy that shuts everything", V.network, "NetworkPolicy", {
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  }),
  {
    ...object("a Role of rights that the tenant has itself", V.rbac, "Role", {
      rules: [
        { apiGroups: [""], resources: ["configmaps", "endpoints"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
      ],
    }),
    benchmark: "role-bindings",
  },
  {
    ...object("a RoleBinding of a Role of its own to an account of its own", V.rbac, "RoleBinding", (place) => ({
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: NAME },
      subjects: [{ kind: "ServiceAccount", name: "application", namespace: place.namespace }],
    })),
    first: (place) => [
      own(place, V.rbac, "Role", { rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }] }),
    ],
    benchmark: "role-bindings",
  },
  object("a Lease by which pods choose one of them", "coordination.k8s.io/v1", "Lease", {
    spec: { holderIdentity: "first", leaseDurationSeconds: 15 },
  }),
  object("a ConfigMap", "v1", "ConfigMap", { data: { "application.yaml": "a: b\n" } }),
  object("a ConfigMap of bytes that never changes", "v1", "ConfigMap", {
    immutable: true,
    binaryData: { a: base64("b") },
  }),
  secret("a Secret", "Opaque", { password: "made up" }),
  secret("a Secret for basic authentication", "kubernetes.io/basic-auth", { username: "a", password: "made up" }),
  secret("a Secret with a registry's credentials", "kubernetes.io/dockerconfigjson", { ".dockerconfigjson": "{}" }),
  account("an account for pods", { automountServiceAccountToken: false }),
  account("an account with an annotation", {}, { annotations: { "example.com/owner": "shop" } }),
  account("an account with credentials for images", { imagePullSecrets: [{ name: "registry" }] }),
  reading("a look at its pods", "v1", "Pod"),
  reading("a look at the events of its namespace", "v1", "Event"),
  reading("a look at its ReplicaSets", V.apps, "ReplicaSet"),
  reading("a look at the endpoints of its Services", "discovery.k8s.io/v1", "EndpointSlice"),
];
