import { type Case, objectOf, type Place } from "./cases.js";
import { annotated, ingressOf } from "./host-cases.js";

const raw = /only the platform may configure an ingress controller: remove annotations with parts of its configuration/;
const called = /an ingress controller may only call Services of this namespace: write the URL in [^ ]+ as http:\/\//;
const action = /an action must lead to a Service of this namespace: write serviceName and servicePort/;
const named = /annotations must refer to objects of this namespace: remove the namespace, or set it to this one/;

/** Annotations by which an ingress controller would go where the tenant may not. */
const refused: readonly (readonly [says: RegExp, key: string, value: string])[] = [
  [raw, "nginx.ingress.kubernetes.io/configuration-snippet", "proxy_pass http://10.0.0.1;"],
  [raw, "nginx.ingress.kubernetes.io/server-snippet", "a"],
  [raw, "nginx.ingress.kubernetes.io/auth-snippet", "a"],
  [raw, "nginx.ingress.kubernetes.io/modsecurity-snippet", "a"],
  [raw, "nginx.ingress.kubernetes.io/stream-snippet", "a"],
  [raw, "nginx.org/server-snippets", "a"],
  [raw, "haproxy.org/backend-config-snippet", "a"],
  [raw, "haproxy.org/route-acl", "a"],
  [raw, "haproxy-ingress.github.io/config-backend", "http-request set-dst ipv4(10.0.0.1)"],
  [raw, "haproxy-ingress.github.io/config-backend-early", "a"],
  [raw, "haproxy-ingress.github.io/tcp-service-port", "22"],
  [raw, "getambassador.io/config", "a"],
  [raw, "zalando.org/skipper-routes", '* -> "http://10.0.0.1"'],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://web.team-b.svc.cluster.local/"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "https://$host/oauth2/auth"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "https://shop.example.com/oauth2/auth"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local@10.0.0.1/"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local.evil.example/"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local:80/;proxy_pass"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://web.team-a.svc.cluster.local/\n}"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://a.b.team-a.svc.cluster.local/"],
  [called, "nginx.ingress.kubernetes.io/auth-url", "http://webxteam-a.svc.cluster.local/"],
  [called, "nginx.example.com/auth-url", "http://10.0.0.1"],
  [called, "nginx.ingress.kubernetes.io/mirror-target", "http://169.254.169.254/latest/meta-data/"],
  [called, "nginx.ingress.kubernetes.io/mirror-target", "//10.0.0.1"],
  [called, "haproxy-ingress.github.io/auth-url", "svc://team-b/web:8080/"],
  [called, "haproxy-ingress.github.io/auth-url", "svc://team-b/web"],
  [called, "haproxy-ingress.github.io/auth-secret", "file:///etc/shadow"],
  [called, "k8s.apisix.apache.org/auth-uri", "http://10.0.0.1"],
  [called, "nginx.ingress.kubernetes.io/of-tomorrow", " HTTP://10.0.0.1"],
  [
    action,
    "alb.ingress.kubernetes.io/actions.web",
    '{"type":"forward","targetGroupARN":"arn:aws:elasticloadbalancing:a:1:b"}',
  ],
  [
    action,
    "alb.ingress.kubernetes.io/actions.web",
    '{"type":"forward","targetgrouparn":"arn:aws:elasticloadbalancing:a:1:b"}',
  ],
  [
    action,
    "alb.ingress.kubernetes.io/actions.web",
    '{"type":"forward","target\\u0047roupARN":"arn:aws:elasticloadbalancing:a:1:b"}',
  ],
  [
    action,
    "alb.ingress.kubernetes.io/actions.web",
    '{"forwardConfig":{"targetGroups":[{"targetGroupName":"theirs"}]}}',
  ],
  [named, "nginx.ingress.kubernetes.io/auth-tls-secret", "team-b/tls"],
  [named, "nginx.ingress.kubernetes.io/proxy-ssl-secret", "team-b/tls"],
  [named, "nginx.ingress.kubernetes.io/auth-secret", "team-b/passwords"],
  [named, "nginx.ingress.kubernetes.io/auth-secret", "team-a-b/passwords"],
  [named, "nginx.ingress.kubernetes.io/auth-proxy-set-headers", "kube-system/extension-apiserver-authentication"],
  [named, "nginx.ingress.kubernetes.io/fastcgi-params-configmap", "team-b/parameters"],
  [named, "nginx.ingress.kubernetes.io/custom-headers", "team-b/headers"],
  [named, "haproxy.org/ssl-certificate", "team-b/tls"],
  [named, "haproxy.org/server-ca", "team-b/tls"],
  [named, "haproxy-ingress.github.io/secure-verify-ca-secret", "team-b/tls"],
  [named, "nginx.org/policies", "limits, team-b/limits"],
  [named, "ingress.of.acme.example/auth-tls-secret", "team-b/tls"],
  [named, "of.acme.example/auth-tls-secret", "team-b/tls"],
  [named, "k8s.apisix.apache.org/svc-namespace", "team-b"],
  [named, "traefik.ingress.kubernetes.io/router.middlewares", "default-headers@file,team-b-auth@kubernetescrd"],
  [named, "traefik.ingress.kubernetes.io/router.tls.options", "team-b-tls@kubernetescrd"],
];

/** Annotations that teams write every day. */
const allowed: readonly (readonly [key: string, value: string])[] = [
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
  ["alb.ingress.kubernetes.io/certificate-arn", "arn:aws:acm:eu-west-1:1:certificate/c"],
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
  ["example.com/runbook", "https://runbooks.example.com/web"],
  ["example.com/owner", "payments/shop"],
];

/** Policy fleet-ingress-reach, in the namespace team-a. */
export function ingressReachCases(place: Place): Case[] {
  const ingress = ingressOf(place, ["shop.example.com"]);
  const service = objectOf(place, "v1", "Service", { ports: [{ port: 80 }], clusterIP: "None" });
  const route = objectOf(place, "gateway.networking.k8s.io/v1", "HTTPRoute", { hostnames: ["shop.example.com"] });
  return [
    ...refused.map(([says, key, value]) => ({
      title: `an Ingress with ${key}: ${JSON.stringify(value)}`,
      object: annotated(ingress, key, value),
      refused: says,
    })),
    {
      title: "a Service with a part of a controller's configuration",
      object: annotated(service, "haproxy.org/backend-config-snippet", "a"),
      refused: raw,
    },
    {
      title: "a route that has a controller call whoever",
      object: annotated(route, "nginx.ingress.kubernetes.io/auth-url", "http://10.0.0.1"),
      refused: called,
    },
    ...allowed.map(([key, value]) => ({
      title: `an Ingress with ${key}: ${JSON.stringify(value)}`,
      object: annotated(ingress, key, value),
    })),
  ];
}
