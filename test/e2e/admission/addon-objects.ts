import { object } from "../../support/objects/object.js";
import { externalSecrets, secretStores } from "./addons/external-secrets-objects.js";
import type { Of, Titled } from "./addons/titled.js";
import type { Place } from "./cases.js";

/** Legitimate objects of each kind of each add-on, by a title. @param place a namespace that may serve shop.example.com */
export function allowedAddonObjects(place: Place): readonly Titled[] {
  const of: Of = (title, kind, spec) => [title, object(kind, place, { spec })];
  return [
    ...certManager(of, place.namespace),
    ...externalSecrets(of, place),
    ...secretStores(of, place.namespace),
    ...prometheusOperator(of, place.namespace),
    ...gatewayApi(of, place.namespace),
    ...sealedSecrets(of, place.namespace),
    ...keda(of, place),
    ...databases(of, place.namespace),
  ];
}

function certManager(of: Of, namespace: string): Titled[] {
  return [
    of("a Certificate of the platform's issuer", "Certificate", {
      secretName: "web",
      issuerRef: { kind: "ClusterIssuer", group: "cert-manager.io", name: "letsencrypt" },
      commonName: "shop.example.com",
      dnsNames: ["shop.example.com", "api.shop.example.com"],
      secretTemplate: { labels: { team: "shop" } },
      privateKey: { rotationPolicy: "Always", algorithm: "RSA", size: 4096 },
      usages: ["digital signature", "key encipherment", "server auth"],
      duration: "2160h",
      renewBefore: "360h",
      revisionHistoryLimit: 3,
      renewal: { policy: "RenewBefore" },
    }),
    of("a Certificate of the namespace's own issuer", "Certificate", {
      secretName: "web",
      issuerRef: { name: "own", kind: "Issuer" },
      isCA: true,
      usages: ["cert sign", "client auth"],
      duration: "24h",
      commonName: "own authority",
      dnsNames: [`web.${namespace}.svc`],
      ipAddresses: ["127.0.0.1"],
    }),
    of("an Issuer that signs itself", "Issuer", { selfSigned: {} }),
    of("an Issuer with an authority of the namespace", "Issuer", { ca: { secretName: "authority" } }),
  ];
}

function prometheusOperator(of: Of, namespace: string): Titled[] {
  return [
    of("a ServiceMonitor", "ServiceMonitor", {
      selector: { matchLabels: { app: "web" } },
      namespaceSelector: { any: false, matchNames: [namespace] },
      jobLabel: "app",
      targetLabels: ["team", "app.kubernetes.io/version"],
      endpoints: [
        {
          port: "metrics",
          path: "/metrics",
          interval: "30s",
          scrapeTimeout: "10s",
          scheme: "https",
          tlsConfig: { ca: { secret: { name: "ca", key: "ca.crt" } }, serverName: "web" },
          authorization: { credentials: { name: "token", key: "token" } },
          relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
          metricRelabelings: [
            { action: "drop", sourceLabels: ["__name__"], regex: "go_.*" },
            { action: "labeldrop", regex: "pod_hash" },
            { sourceLabels: ["pod", "container"], separator: "/", targetLabel: "place" },
            { sourceLabels: ["path"], regex: "/(.+)/(.+)", replacement: "$2 of $1", targetLabel: "route" },
            { sourceLabels: ["place"], regex: "(.+)", replacement: "at $1", targetLabel: "place" },
          ],
        },
      ],
    }),
    of("a PodMonitor", "PodMonitor", {
      selector: { matchLabels: { app: "web" } },
      podMetricsEndpoints: [
        { portNumber: 8080, relabelings: [{ action: "Keep", sourceLabels: ["job"], regex: "web" }] },
      ],
    }),
    of("a PrometheusRule", "PrometheusRule", {
      groups: [
        {
          name: "web",
          interval: "1m",
          query_offset: "30s",
          rules: [
            { alert: "Down", expr: 'up{job="web"} == 0', for: "5m", labels: { severity: "page" } },
            { alert: "Full", expr: "disk > 0.9", for: "1w2d12h30m", keep_firing_for: "0" },
          ],
        },
      ],
    }),
  ];
}

function gatewayApi(of: Of, namespace: string): Titled[] {
  return [
    of("an HTTPRoute of the platform's Gateway", "HTTPRoute", {
      parentRefs: [{ name: "public", namespace: "gateways", group: "gateway.networking.k8s.io", kind: "Gateway" }],
      hostnames: ["shop.example.com"],
      rules: [
        {
          backendRefs: [{ name: "web", port: 80, kind: "Service", group: "", namespace }],
          filters: [
            { type: "URLRewrite", urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } } },
            { type: "RequestMirror", requestMirror: { backendRef: { name: "next", port: 80 } } },
          ],
          timeouts: { request: "0s", backendRequest: "1h30m" },
        },
      ],
    }),
    of("an HTTPRoute between Services of the namespace", "HTTPRoute", {
      parentRefs: [{ group: "", kind: "Service", name: "web" }],
      rules: [{ backendRefs: [{ name: "next", port: 80 }] }],
    }),
    of("a GRPCRoute", "GRPCRoute", {
      parentRefs: [{ name: "public", namespace: "gateways" }],
      hostnames: ["shop.example.com"],
      rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
    }),
    of("a TLSRoute", "TLSRoute", {
      parentRefs: [{ name: "public", namespace: "gateways" }],
      hostnames: ["shop.example.com"],
      rules: [{ backendRefs: [{ name: "web", port: 443 }] }],
    }),
    of("a BackendTLSPolicy", "BackendTLSPolicy", {
      targetRefs: [{ group: "", kind: "Service", name: "web" }],
      validation: { hostname: "web", caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "ca" }] },
    }),
  ];
}

function sealedSecrets(of: Of, namespace: string): Titled[] {
  return [
    of("a SealedSecret", "SealedSecret", {
      encryptedData: { password: "AgBy" },
      template: {
        type: "Opaque",
        metadata: { name: "database", namespace, labels: { team: "shop" } },
        data: { url: 'postgres://shop:{{ index . "password" }}@db' },
      },
    }),
    [
      "a SealedSecret for any name of the namespace",
      object(
        "SealedSecret",
        { namespace, annotations: { "sealedsecrets.bitnami.com/namespace-wide": "true" } },
        { spec: { encryptedData: {} } },
      ),
    ],
  ];
}

function keda(of: Of, place: Place): Titled[] {
  return [
    of("a ScaledObject", "ScaledObject", {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicaCount: 1,
      pollingInterval: 5,
      cooldownPeriod: 0,
      initialCooldownPeriod: 86_400,
      advanced: {
        scalingModifiers: { formula: "(hours > 2.5 ? load_1 : load_2) * 2 + max(hours % 3, 1)", target: "3" },
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleDown: {
              stabilizationWindowSeconds: 300,
              policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
            },
          },
        },
      },
      triggers: [
        {
          type: "cron",
          metadata: { timezone: "Europe/Berlin", start: "0 8 * * *", end: "0 18 * * *", desiredReplicas: "5" },
        },
        {
          type: "prometheus",
          metadata: {
            serverAddress: "http://prometheus.monitoring:9090",
            query: "sum(up)",
            threshold: "3",
            authModes: "bearer",
          },
          authenticationRef: { name: "own" },
        },
        {
          type: "prometheus",
          metadata: { serverAddress: "https://metrics.example.com", query: "sum(up)", threshold: "3" },
          authenticationRef: { kind: "TriggerAuthentication", name: "own" },
        },
      ],
    }),
    [
      "a ScaledObject that stands still",
      object(
        "ScaledObject",
        { ...place, annotations: { "autoscaling.keda.sh/paused-replicas": "2", "meta.helm.sh/release-name": "web" } },
        { spec: { scaleTargetRef: { name: "web" }, triggers: [] } },
      ),
    ],
    of("a TriggerAuthentication", "TriggerAuthentication", {
      secretTargetRef: [{ parameter: "bearerToken", name: "prometheus", key: "token" }],
    }),
  ];
}

function databases(of: Of, namespace: string): Titled[] {
  return [
    of("a Database", "Database", {
      class: "small",
      backup: { namespace },
      replicas: [{ secretRef: { name: "replica" } }],
      extensions: [{ name: "hstore" }],
      webhook: "https://hooks.example.com/database",
    }),
  ];
}
