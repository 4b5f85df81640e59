import { ingress, route, service } from "../../support/objects/network.js";
import type { Fields } from "../../support/objects/object.js";
import { allowed, type Case, each, type Objects, type Place, refused } from "./cases.js";

/** An annotation of an Ingress. */
type Annotation = readonly [key: string, value: string];

/** Annotations that are not known to concern the tenant only. */
const unknown: readonly Annotation[] = [
  ["nginx.ingress.kubernetes.io/configuration-snippet", "proxy_pass http://10.0.0.1;"],
  ["nginx.ingress.kubernetes.io/server-snippet", "a"],
  ["nginx.ingress.kubernetes.io/auth-snippet", "a"],
  ["nginx.ingress.kubernetes.io/modsecurity-snippet", "a"],
  ["nginx.ingress.kubernetes.io/stream-snippet", "a"],
  ["nginx.ingress.kubernetes.io/enable-modsecurity", "false"],
  ["nginx.ingress.kubernetes.io/of-tomorrow", " HTTP://10.0.0.1"],
  ["nginx.ingress.kubernetes.io/canary-by-header-pattern", "(a+)+$"],
  ["nginx.org/server-snippets", "a"],
  ["nginx.example.com/auth-url", "http://10.0.0.1"],
  ["haproxy.org/backend-config-snippet", "a"],
  ["haproxy.org/route-acl", "a"],
  ["haproxy-ingress.github.io/config-backend", "http-request set-dst ipv4(10.0.0.1)"],
  ["haproxy-ingress.github.io/config-backend-early", "a"],
  ["haproxy-ingress.github.io/tcp-service-port", "22"],
  ["haproxy-ingress.github.io/agent-check-addr", "169.254.169.254"],
  ["haproxy-ingress.github.io/health-check-addr", "10.0.0.1"],
  ["getambassador.io/config", "a"],
  ["zalando.org/skipper-routes", '* -> "http://10.0.0.1"'],
  ["higress.io/destination", "web.team-b.svc.cluster.local:80"],
  ["alb.ingress.kubernetes.io/group.name", "team-b"],
  ["alb.ingress.kubernetes.io/load-balancer-name", "team-b"],
  ["alb.ingress.kubernetes.io/certificate-arn", "arn:aws:acm:eu-west-1:1:certificate/c"],
  ["alb.ingress.kubernetes.io/load-balancer-attributes", "access_logs.s3.bucket=theirs"],
  ["cert-manager.io/uri-sans", "spiffe://cluster.local/ns/team-b/sa/web"],
  ["cert-manager.io/ip-sans", "10.0.0.1"],
  ["cert-manager.io/email-sans", "ceo@example.com"],
  ["cert-manager.io/subject-organizations", "system:masters"],
  ["cert-manager.io/usages", "client auth"],
  ["kubernetes.io/ingress.global-static-ip-name", "theirs"],
  ["ingress.gcp.kubernetes.io/pre-shared-cert", "theirs"],
  ["networking.gke.io/load-balancer-ip-addresses", "theirs"],
  ["traefik.ingress.kubernetes.io/router.tls.domains.0.main", "pay.example.com"],
  ["traefik.ingress.kubernetes.io/router.tls.domains.n.sans", "pay.example.com"],
  ["konghq.com/snis", "pay.example.com"],
  ["dns.alpha.kubernetes.io/external", "pay.example.com"],
  ["service.beta.kubernetes.io/azure-pip-name", "theirs"],
  ["service.beta.kubernetes.io/aws-load-balancer-eip-allocations", "eipalloc-1"],
  ["tailscale.com/expose", "true"],
  ["metallb.universe.tf/allow-shared-ip", "theirs"],
  ["ingress.of.acme.example/auth-tls-secret", "team-b/tls"],
  ["of.acme.example/auth-tls-secret", "team-b/tls"],
];

/** Annotations by which an ingress controller would call others than the tenant's Services. */
const calls: readonly Annotation[] = [
  ["nginx.ingress.kubernetes.io/auth-url", "http://web.team-b.svc.cluster.local/"],
  ["nginx.ingress.kubernetes.io/auth-url", "https://$host/oauth2/auth"],
  ["nginx.ingress.kubernetes.io/auth-url", "https://shop.example.com/oauth2/auth"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local@10.0.0.1/"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local.evil.example/"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local:80/;proxy_pass"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local/\n}"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://a.b.team-a.svc.cluster.local/"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://webxteam-a.svc.cluster.local/"],
  ["nginx.ingress.kubernetes.io/auth-url", "\thttp://10.0.0.1"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local/\nproxy_pass http://10.0.0.1"],
  ["nginx.ingress.kubernetes.io/mirror-target", "http://169.254.169.254/latest/meta-data/"],
  ["nginx.ingress.kubernetes.io/mirror-target", "//10.0.0.1"],
  ["haproxy-ingress.github.io/auth-url", "svc://team-b/web:8080/"],
  ["haproxy-ingress.github.io/auth-url", "svc://team-b/web"],
  ["k8s.apisix.apache.org/auth-uri", "http://10.0.0.1"],
];

/** Annotations by which a load balancer of AWS would lead to others than the tenant's Services. */
const actions: readonly Annotation[] = [
  ["alb.ingress.kubernetes.io/actions.web", '{"type":"forward","targetGroupARN":"arn:aws:elasticloadbalancing:a:1:b"}'],
  ["alb.ingress.kubernetes.io/actions.web", '{"type":"forward","targetgrouparn":"arn:aws:elasticloadbalancing:a:1:b"}'],
  [
    "alb.ingress.kubernetes.io/actions.web",
    '{"type":"forward","target\\u0047roupARN":"arn:aws:elasticloadbalancing:a:1:b"}',
  ],
  ["alb.ingress.kubernetes.io/actions.web", '{"forwardConfig":{"targetGroups":[{"targetGroupName":"theirs"}]}}'],
  [
    "alb.ingress.kubernetes.io/actions.web",
    '{"type":"forward",\n"targetGroupARN"\n:"arn:aws:elasticloadbalancing:a:1:b"}',
  ],
  ["alb.ingress.kubernetes.io/actions.web", '{"type":"authenticate-oidc","authenticateOIDCConfig":{}}'],
];

/** Annotations that refer to objects of other namespaces. */
const references: readonly Annotation[] = [
  ["nginx.ingress.kubernetes.io/auth-tls-secret", "team-b/tls"],
  ["nginx.ingress.kubernetes.io/proxy-ssl-secret", "team-b/tls"],
  ["nginx.ingress.kubernetes.io/auth-secret", "team-b/passwords"],
  ["nginx.ingress.kubernetes.io/auth-secret", "team-a-b/passwords"],
  ["nginx.ingress.kubernetes.io/auth-proxy-set-headers", "kube-system/extension-apiserver-authentication"],
  ["nginx.ingress.kubernetes.io/fastcgi-params-configmap", "team-b/parameters"],
  ["nginx.ingress.kubernetes.io/custom-headers", "team-b/headers"],
  ["haproxy.org/ssl-certificate", "team-b/tls"],
  ["haproxy.org/server-ca", "team-b/tls"],
  ["haproxy-ingress.github.io/secure-verify-ca-secret", "team-b/tls"],
  ["nginx.org/policies", "limits, team-b/limits"],
  ["nginx.ingress.kubernetes.io/auth-tls-secret", "\tteam-b/tls"],
  ["nginx.ingress.kubernetes.io/auth-secret", "team-b/passwords\n"],
  ["nginx.org/policies", "limits,\tteam-b/limits"],
  ["haproxy-ingress.github.io/auth-secret", "file:///etc/shadow"],
  ["k8s.apisix.apache.org/svc-namespace", "team-b"],
  ["traefik.ingress.kubernetes.io/router.middlewares", "default-headers@file,team-b-auth@kubernetescrd"],
  ["traefik.ingress.kubernetes.io/router.tls.options", "team-b-tls@kubernetescrd"],
];

/** Values that end a text or a line in the configuration of a controller, or make it invalid. */
const crooked: readonly Annotation[] = [
  ["nginx.ingress.kubernetes.io/rewrite-target", "/; proxy_pass http://10.0.0.1"],
  ["nginx.ingress.kubernetes.io/rewrite-target", "/$2\nproxy_pass http://10.0.0.1"],
  ["nginx.ingress.kubernetes.io/rewrite-target", "/$nowhere"],
  ["nginx.ingress.kubernetes.io/upstream-vhost", "a } server { listen 80"],
  ["nginx.ingress.kubernetes.io/auth-realm", 'a" ; include /etc/passwd'],
  ["nginx.ingress.kubernetes.io/proxy-body-size", "8m; deny all"],
  ["nginx.ingress.kubernetes.io/proxy-cookie-path", '/ "/; secure"'],
  ["nginx.ingress.kubernetes.io/whitelist-source-range", "10.0.0.0/8; allow all"],
  ["nginx.ingress.kubernetes.io/permanent-redirect", "https://www.example.com/#"],
  ["haproxy.org/path-rewrite", "/a /b\nhttp-request set-dst ipv4(10.0.0.1)"],
  ["haproxy.org/response-set-header", 'X "a"'],
  ["traefik.ingress.kubernetes.io/router.pathmatcher", "Host(`pay.example.com`) || Path"],
  ["traefik.ingress.kubernetes.io/router.entrypoints", "web`"],
  ["cloud.google.com/neg", '{"exposed_ports": {"80": {"name": "theirs"}}}'],
  ["prometheus.io/path", "/metrics\n"],
];

/** Annotations that teams write every day. */
const everyday: readonly Annotation[] = [
  ["nginx.ingress.kubernetes.io/rewrite-target", "/$2"],
  ["nginx.ingress.kubernetes.io/proxy-body-size", "8m"],
  ["nginx.ingress.kubernetes.io/app-root", "/shop"],
  ["nginx.ingress.kubernetes.io/backend-protocol", "GRPCS"],
  ["nginx.ingress.kubernetes.io/whitelist-source-range", "10.0.0.0/8, fd00::/8"],
  ["nginx.ingress.kubernetes.io/proxy-cookie-path", "/one /two"],
  ["nginx.ingress.kubernetes.io/cors-allow-origin", "https://www.example.com, https://example.org"],
  ["nginx.ingress.kubernetes.io/permanent-redirect", "https://www.example.com/"],
  ["nginx.ingress.kubernetes.io/auth-signin", "https://$host/oauth2/start?rd=$escaped_request_uri"],
  ["nginx.ingress.kubernetes.io/auth-tls-error-page", "https://www.example.com/error.html"],
  ["nginx.ingress.kubernetes.io/auth-url", "http://oauth2-proxy.team-a.svc.cluster.local:4180/oauth2/auth"],
  ["nginx.ingress.kubernetes.io/auth-url", "https://oauth2-proxy.team-a.svc"],
  ["nginx.ingress.kubernetes.io/auth-url", ""],
  ["nginx.ingress.kubernetes.io/mirror-target", "http://shadow.team-a.svc.cluster.local/$request_uri"],
  ["nginx.ingress.kubernetes.io/auth-secret", "passwords"],
  ["nginx.ingress.kubernetes.io/auth-secret", "team-a/passwords"],
  ["nginx.ingress.kubernetes.io/auth-tls-secret", "team-a/clients"],
  ["nginx.ingress.kubernetes.io/default-backend", "sorry"],
  ["nginx.ingress.kubernetes.io/canary-weight", "10"],
  ["haproxy-ingress.github.io/auth-url", "svc://team-a/auth:8080/check"],
  ["haproxy.org/path-rewrite", "/api/(.*) /\\1"],
  ["haproxy.org/check-http", "/health"],
  ["nginx.ingress.kubernetes.io/auth-realm", "Shop / Admin (staging)"],
  ["nginx.ingress.kubernetes.io/upstream-vhost", "$service_name.$namespace.svc.cluster.local"],
  ["haproxy.org/response-set-header", "Content-Type application/json"],
  ["haproxy.org/auth-realm", "payments/shop"],
  ["alb.ingress.kubernetes.io/listen-ports", '[{"HTTP": 80}, {"HTTPS": 443}]'],
  ["alb.ingress.kubernetes.io/scheme", "internet-facing"],
  [
    "alb.ingress.kubernetes.io/actions.ssl-redirect",
    '{"type":"redirect","redirectConfig":{"protocol":"HTTPS","port":"443"}}',
  ],
  [
    "alb.ingress.kubernetes.io/actions.split",
    '{"forwardConfig":{"targetGroups":[{"serviceName":"a","servicePort":80,"weight":9}]}}',
  ],
  ["traefik.ingress.kubernetes.io/router.middlewares", "headers@file"],
  ["traefik.ingress.kubernetes.io/router.entrypoints", "websecure"],
  ["konghq.com/plugins", "rate-limit,cors"],
  ["cert-manager.io/cluster-issuer", "letsencrypt"],
  ["external-dns.alpha.kubernetes.io/ttl", "60"],
  ["cloud.google.com/neg", '{"ingress": true}'],
  ["cloud.google.com/backend-config", '{"ports": {"80": "shop"}}'],
  ["prometheus.io/scrape", "true"],
  ["service.kubernetes.io/topology-mode", "Auto"],
  ["kubectl.kubernetes.io/last-applied-configuration", '{"metadata":{"name":"web"}}\n'],
  ["meta.helm.sh/release-name", "shop"],
  ["runbook", "https://runbooks.example.com/web"],
  // The stack of these tests lists example.com/*, and one annotation of ingress-nginx.
  ["example.com/runbook", "https://runbooks.example.com/web"],
  ["example.com/owner", "payments/shop"],
  ["nginx.ingress.kubernetes.io/x-forwarded-prefix", "{}"],
];

/** Settings of the stack of the cases that leave something to its tenants; `fleet-hosts` looks at some of it. */
export const allowedAnnotations = [
  "example.com/*",
  "nginx.ingress.kubernetes.io/x-forwarded-prefix",
  "nginx.hosts.example.com/*",
  "haproxy-ingress.github.io/server-alias-regex",
  "alb.ingress.kubernetes.io/conditions.web",
  "cert-manager.io/common-name",
];

/** Policy fleet-ingress-reach, in the namespace team-a. */
export function ingressReachCases(place: Place): Case[] {
  const annotated = (annotations: readonly Annotation[]): Objects =>
    each(annotations, ([key, value]) => [
      `an Ingress with ${key}: ${JSON.stringify(value)}`,
      ingress({ ...place, annotations: { [key]: value } }, ["shop.example.com"]),
    ]);
  return [
    ...refused(
      /the annotations [^ ]+ are not known to concern this tenant only: remove them, .* fleet:allowedAnnotations: \[[^ ]+\]/,
      {
        ...annotated(unknown),
        "a Service with a part of a controller's configuration": service(
          { ...place, annotations: { "haproxy.org/backend-config-snippet": "a" } },
          { clusterIP: "None" },
        ),
      },
    ),
    ...refused(/the values of [^ ]+ must be plain, because controllers copy them/, annotated(crooked)),
    ...refused(/an ingress controller may only call Services of this namespace: write the URL in [^ ]+ as http:\/\//, {
      ...annotated(calls),
      "a route that makes a controller call any address": route(
        "HTTPRoute",
        { ...place, annotations: { "nginx.ingress.kubernetes.io/auth-url": "http://10.0.0.1" } },
        { hostnames: ["shop.example.com"] },
      ),
    }),
    ...refused(
      /an action must lead to a Service of this namespace: write serviceName and servicePort/,
      annotated(actions),
    ),
    ...refused(
      /annotations must refer to objects of this namespace: remove the namespace, or set it to this one/,
      annotated(references),
    ),
    ...allowed(annotated(everyday)),
    ...backendCases(place),
  ];
}

/** Backends of Ingresses and routes. */
function backendCases(place: Place): Case[] {
  const host = "shop.example.com";
  const rule = (fields: Fields) => route("HTTPRoute", place, { hostnames: [host], rules: [fields] });
  const internal = { group: "traefik.io", kind: "TraefikService", name: "api@internal", port: 80 };
  const web = { group: "", kind: "Service", name: "web", port: 80 };
  const mirror = (backendRef: Fields) => ({ type: "RequestMirror", requestMirror: { backendRef } });
  const resource = { resource: { apiGroup: "traefik.io", kind: "TraefikService", name: "api@internal" } };
  return [
    ...refused(/backends must be Services, because other kinds lead into the controller itself/, {
      "an HTTPRoute to Traefik's own API": rule({ backendRefs: [internal] }),
      "an HTTPRoute to Traefik's own API behind a Service": rule({ backendRefs: [web, internal] }),
      "an HTTPRoute to another kind of the core group": rule({ backendRefs: [{ ...web, kind: "Secret" }] }),
      "an HTTPRoute to a Service of another group": rule({ backendRefs: [{ ...web, group: "traefik.io" }] }),
      "an HTTPRoute that mirrors to another kind": rule({ filters: [mirror(internal)], backendRefs: [web] }),
      "an HTTPRoute that mirrors to another kind, for one backend": rule({
        backendRefs: [{ ...web, filters: [mirror(internal)] }],
      }),
      "an HTTPRoute that asks another kind about requests": rule({
        filters: [{ type: "ExternalAuth", externalAuth: { protocol: "HTTP", backendRef: internal } }],
      }),
      "a GRPCRoute to another kind": route("GRPCRoute", place, {
        hostnames: [host],
        rules: [{ backendRefs: [internal] }],
      }),
      "a TLSRoute to another kind": route("TLSRoute", place, {
        hostnames: [host],
        rules: [{ backendRefs: [internal] }],
      }),
      "an Ingress to another kind": ingress(place, [], {
        rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: resource }] } }],
      }),
    }),
    ...allowed({
      "an HTTPRoute to Services": rule({ backendRefs: [web, { name: "web", port: 80 }] }),
      "an HTTPRoute that mirrors to a Service": rule({ filters: [mirror(web)], backendRefs: [web] }),
      "an HTTPRoute that only redirects": rule({
        filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }],
      }),
    }),
  ];
}
