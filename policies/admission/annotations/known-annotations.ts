import type { ValueForm } from "./value-forms.js";

/** Names of annotations of one controller, by the form of their values; separated by spaces. */
type Names = Readonly<Partial<Record<ValueForm, string>>>;

/**
 * The annotations of Ingresses, routes and Services that tenants may set, by their prefix. Each concerns the tenant's
 * own hosts and Services only. Not listed are those that:
 * - hold a part of the controller's configuration, or a regular expression without bounds;
 * - name something that others own: a static address, a certificate, a load balancer, a firewall rule, a bucket;
 * - join another load balancer or router (`group.name`);
 * - add hosts in another form than the policy on hosts reads;
 * - switch off a protection that the platform may have switched on (`enable-modsecurity`).
 * @see docs/admission/annotations.md
 */
export const KNOWN_ANNOTATIONS: Readonly<Record<string, Names>> = {
  // https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
  "nginx.ingress.kubernetes.io": {
    amount:
      "auth-always-set-cookie auth-keepalive auth-keepalive-requests auth-keepalive-share-vars auth-keepalive-timeout auth-tls-pass-certificate-to-upstream auth-tls-verify-depth canary canary-weight canary-weight-total client-body-buffer-size cors-allow-credentials cors-max-age enable-access-log enable-cors enable-opentelemetry enable-rewrite-log force-ssl-redirect from-to-www-redirect limit-burst-multiplier limit-connections limit-rate limit-rate-after limit-rpm limit-rps mirror-request-body permanent-redirect-code preserve-trailing-slash proxy-body-size proxy-buffer-size proxy-buffering proxy-buffers-number proxy-busy-buffers-size proxy-connect-timeout proxy-http-version proxy-max-temp-file-size proxy-next-upstream-timeout proxy-next-upstream-tries proxy-read-timeout proxy-request-buffering proxy-send-timeout proxy-ssl-server-name proxy-ssl-verify proxy-ssl-verify-depth relative-redirects service-upstream session-cookie-change-on-failure session-cookie-conditional-samesite-none session-cookie-expires session-cookie-max-age session-cookie-secure ssl-passthrough ssl-prefer-server-ciphers ssl-redirect temporal-redirect-code upstream-hash-by-subset upstream-hash-by-subset-size use-regex",
    word: "affinity affinity-canary-behavior affinity-mode app-root auth-method auth-secret-type auth-signin-redirect-param auth-tls-verify-client auth-type backend-protocol canary-by-cookie canary-by-header canary-by-header-value connection-proxy-header custom-http-errors fastcgi-index load-balance mirror-host proxy-cookie-domain proxy-redirect-from proxy-redirect-to proxy-ssl-name rewrite-target satisfy session-cookie-domain session-cookie-name session-cookie-path session-cookie-samesite upstream-hash-by upstream-vhost x-forwarded-prefix",
    words:
      "auth-cache-duration auth-cache-key auth-realm auth-request-redirect auth-response-headers auth-signin auth-tls-error-page cors-allow-headers cors-allow-methods cors-allow-origin cors-expose-headers permanent-redirect proxy-cookie-path proxy-next-upstream proxy-ssl-ciphers proxy-ssl-protocols ssl-ciphers temporal-redirect",
    addresses: "allowlist-source-range denylist-source-range limit-allowlist limit-whitelist whitelist-source-range",
    hosts: "server-alias",
    names:
      "auth-proxy-set-headers auth-secret auth-tls-secret custom-headers default-backend fastcgi-params-configmap proxy-ssl-secret",
    service: "auth-url mirror-target",
  },
  // https://docs.nginx.com/nginx-ingress-controller/configuration/ingress-resources/advanced-configuration-with-annotations/
  "nginx.org": {
    amount:
      "client-max-body-size fail-timeout hsts hsts-include-subdomains hsts-max-age http2 keepalive max-conns max-fails proxy-buffer-size proxy-buffering proxy-connect-timeout proxy-max-temp-file-size proxy-read-timeout proxy-send-timeout redirect-to-https use-cluster-ip",
    words: "basic-auth-realm lb-method proxy-hide-headers proxy-pass-headers",
    names: "basic-auth-secret grpc-services policies ssl-services websocket-services",
  },
  // https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md
  "haproxy.org": {
    amount:
      "check check-interval cors-allow-credentials cors-enable cors-max-age forwarded-for pod-maxconn rate-limit-period rate-limit-requests rate-limit-status-code request-redirect-code server-ssl ssl-passthrough ssl-redirect ssl-redirect-code timeout-check timeout-server timeout-tunnel",
    word: "auth-type check-http cookie-persistence cors-allow-headers cors-allow-methods cors-allow-origin load-balance request-redirect send-proxy-protocol server-proto set-host",
    words: "auth-realm request-set-header response-set-header",
    addresses: "allow-list blacklist deny-list whitelist",
    names: "auth-secret server-ca server-crt ssl-certificate",
    rewrite: "path-rewrite",
  },
  // https://haproxy-ingress.github.io/docs/configuration/keys/
  "haproxy-ingress.github.io": {
    amount:
      "cors-allow-credentials cors-enable cors-max-age health-check-interval hsts hsts-include-subdomains hsts-max-age hsts-preload limit-connections limit-rps maxconn-server proxy-body-size redirect-to-code secure-backends ssl-passthrough ssl-redirect ssl-redirect-code timeout-connect timeout-http-request timeout-queue timeout-server timeout-tunnel",
    word: "affinity app-root backend-protocol balance-algorithm health-check-uri path-type redirect-to rewrite-target session-cookie-name session-cookie-strategy",
    words: "auth-realm cors-allow-headers cors-allow-methods cors-allow-origin cors-expose-headers",
    addresses: "allowlist-source-range denylist-source-range limit-whitelist whitelist-source-range",
    hosts: "redirect-from server-alias",
    names: "auth-secret auth-tls-secret secure-crt-secret secure-verify-ca-secret",
    service: "auth-url",
  },
  // https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/
  "traefik.ingress.kubernetes.io": {
    amount:
      "router.observability.accesslogs router.observability.metrics router.observability.tracing router.priority router.tls service.nativelb service.passhostheader service.sticky.cookie service.sticky.cookie.httponly service.sticky.cookie.maxage service.sticky.cookie.secure",
    word: "router.entrypoints router.tls.certresolver service.serversscheme service.sticky.cookie.name service.sticky.cookie.path service.sticky.cookie.samesite",
    fileObjects: "router.middlewares router.tls.options service.serverstransport",
    pathMatcher: "router.pathmatcher",
  },
  // https://developer.konghq.com/kubernetes-ingress-controller/reference/annotations/
  "konghq.com": {
    amount:
      "connect-timeout https-redirect-status-code preserve-host read-timeout regex-priority request-buffering response-buffering retries strip-path tls-verify tls-verify-depth write-timeout",
    word: "host-header methods path protocol protocols rewrite tags",
    hosts: "host-aliases",
    names: "ca-certificates-secrets client-cert plugins upstream-policy",
  },
  // https://projectcontour.io/docs/main/config/annotations/
  "projectcontour.io": {
    amount:
      "max-connections max-pending-requests max-requests max-retries num-retries per-try-timeout response-timeout tls-minimum-protocol-version",
    word: "ingress.class retry-on upstream-protocol.h2 upstream-protocol.h2c upstream-protocol.tls websocket-routes",
  },
  // https://apisix.apache.org/docs/ingress-controller/concepts/annotations/
  "k8s.apisix.apache.org": {
    amount: "enable-cors enable-websocket http-to-https use-regex",
    word: "auth-type http-allow-methods http-block-methods rewrite-target upstream-scheme",
    words: "cors-allow-headers cors-allow-methods cors-allow-origin http-redirect",
    addresses: "allowlist-source-range blocklist-source-range",
    names: "plugin-config-name",
    namespace: "svc-namespace",
    service: "auth-uri",
  },
  // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
  "alb.ingress.kubernetes.io": {
    amount:
      "healthcheck-interval-seconds healthcheck-timeout-seconds healthy-threshold-count ssl-redirect unhealthy-threshold-count",
    word: "backend-protocol backend-protocol-version healthcheck-path healthcheck-port healthcheck-protocol ip-address-type scheme ssl-policy success-codes target-group-attributes target-type",
    addresses: "inbound-cidrs",
    json: "listen-ports",
  },
  // https://azure.github.io/application-gateway-kubernetes-ingress/annotations/
  "appgw.ingress.kubernetes.io": {
    amount:
      "connection-draining connection-draining-timeout cookie-based-affinity health-probe-interval health-probe-port health-probe-timeout health-probe-unhealthy-threshold request-timeout ssl-redirect use-private-ip",
    word: "backend-path-prefix backend-protocol health-probe-path health-probe-status-codes",
  },
  // https://cloud.google.com/kubernetes-engine/docs/how-to/load-balance-ingress
  "cloud.google.com": { word: "load-balancer-type", json: "app-protocols backend-config", endpointGroup: "neg" },
  "networking.gke.io": {
    word: "load-balancer-type",
    names: "managed-certificates v1beta1.FrontendConfig",
  },
  // https://cert-manager.io/docs/usage/ingress/#supported-annotations
  "cert-manager.io": {
    amount: "private-key-size revision-history-limit",
    word: "duration issuer-group issuer-kind private-key-algorithm private-key-encoding private-key-rotation-policy renew-before",
    hosts: "alt-names common-name",
    names: "cluster-issuer issuer",
  },
  "acme.cert-manager.io": {
    amount: "http01-edit-in-place",
    word: "http01-ingress-class http01-ingress-ingressclassname http01-ingress-path-type",
  },
  // https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
  "external-dns.alpha.kubernetes.io": {
    amount: "cloudflare-proxied ttl",
    word: "access controller endpoints-type ingress-hostname-source",
    hosts: "hostname internal-hostname target",
  },
  "external-dns.kubernetes.io": {
    amount: "cloudflare-proxied ttl",
    word: "access controller endpoints-type ingress-hostname-source",
    hosts: "hostname internal-hostname target",
  },
  // https://kubernetes.io/docs/reference/labels-annotations-taints/
  "kubernetes.io": { amount: "ingress.allow-http tls-acme", word: "ingress.class" },
  "ingressclass.kubernetes.io": { amount: "is-default-class" },
  "service.kubernetes.io": { word: "topology-aware-hints topology-mode" },
  // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ and those of others
  "service.beta.kubernetes.io": {
    amount:
      "aws-load-balancer-connection-idle-timeout aws-load-balancer-cross-zone-load-balancing-enabled aws-load-balancer-healthcheck-healthy-threshold aws-load-balancer-healthcheck-interval aws-load-balancer-healthcheck-timeout aws-load-balancer-healthcheck-unhealthy-threshold aws-load-balancer-internal azure-load-balancer-internal azure-load-balancer-tcp-idle-timeout",
    word: "aws-load-balancer-backend-protocol aws-load-balancer-healthcheck-path aws-load-balancer-healthcheck-port aws-load-balancer-healthcheck-protocol aws-load-balancer-nlb-target-type aws-load-balancer-proxy-protocol aws-load-balancer-scheme aws-load-balancer-ssl-ports aws-load-balancer-target-group-attributes aws-load-balancer-type azure-load-balancer-health-probe-protocol azure-load-balancer-health-probe-request-path",
  },
  // The usual relabelling of Prometheus; it reaches the Service's own pods.
  "prometheus.io": { amount: "port probe scrape", word: "path scheme" },
};

/**
 * Prefixes of tools that deploy, and of notes for people. No controller obeys them on an Ingress, a route or a Service,
 * so their values are free.
 */
export const FREE_PREFIXES: readonly string[] = [
  "a8r.io",
  "argocd.argoproj.io",
  "backstage.io",
  "checksum",
  "config.kubernetes.io",
  "helm.sh",
  "helm.toolkit.fluxcd.io",
  "internal.config.kubernetes.io",
  "kubectl.kubernetes.io",
  "kustomize.toolkit.fluxcd.io",
  "meta.helm.sh",
  "reconcile.fluxcd.io",
];

/** The known annotations with the form of their values, by name, sorted. */
export function annotationForms(): ReadonlyMap<string, ValueForm> {
  const forms = Object.entries(KNOWN_ANNOTATIONS).flatMap(([prefix, names]) =>
    Object.entries(names).flatMap(([form, list]) =>
      list.split(" ").map((name) => [`${prefix}/${name}`, form as ValueForm] as const),
    ),
  );
  return new Map(forms.sort(([a], [b]) => (a < b ? -1 : 1)));
}
