import { object } from "../../../support/objects/object.js";
import type { Place } from "../cases.js";
import { allowedTemplates } from "./templates.js";
import type { Of, Titled } from "./titled.js";

/** Legitimate ExternalSecrets. */
export function externalSecrets(of: Of, place: Place): Titled[] {
  const { namespace } = place;
  const annotations = { "force-sync": "1", "kustomize.toolkit.fluxcd.io/prune": "disabled" };
  return [
    [
      "an ExternalSecret with annotations of Flux and its own",
      object("ExternalSecret", { ...place, annotations }, { spec: { secretStoreRef: { name: "own" }, data: [] } }),
    ],
    of("an ExternalSecret of the platform's store", "ExternalSecret", {
      refreshInterval: "1h",
      secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
      target: {
        name: "database",
        creationPolicy: "Owner",
        template: { type: "Opaque", metadata: { labels: { team: "a" } } },
      },
      data: [{ secretKey: "password", remoteRef: { key: `${namespace}/database`, property: "password" } }],
      dataFrom: [{ extract: { key: `${namespace}/app/settings.v2` } }],
    }),
    of("an ExternalSecret of the namespace's own store", "ExternalSecret", {
      secretStoreRef: { kind: "SecretStore", name: "own" },
      data: [
        { secretKey: "user", remoteRef: { key: "anything", property: 'users.#(name=="a").login\\.name' } },
        { secretKey: "mail", remoteRef: { key: "anything", property: "info@example\\.com.0" } },
        { secretKey: "password", remoteRef: { key: "anything" }, sourceRef: { storeRef: { name: "own" } } },
      ],
      dataFrom: [
        { find: { name: { regexp: "^app-" } } },
        {
          sourceRef: {
            generatorRef: { apiVersion: "generators.external-secrets.io/v1alpha1", kind: "Password", name: "p" },
          },
        },
      ],
      target: { template: { templateFrom: [{ target: "Data", literal: "a: b" }] } },
      refreshInterval: "0",
    }),
    templatedSecret(of),
  ];
}

function templatedSecret(of: Of): Titled {
  return of("an ExternalSecret with a template of its values", "ExternalSecret", {
    refreshInterval: "1h",
    secretStoreRef: { name: "own" },
    dataFrom: [{ find: { name: { regexp: "^app-" } }, rewrite: [{ regexp: { source: "^app-(.*)$", target: "$1" } }] }],
    target: {
      template: {
        metadata: { labels: { team: "{{ .team }}" } },
        data: allowedTemplates(),
        templateFrom: [{ target: "Data", literal: "{{ .user }}: {{ .password | b64enc }}" }],
      },
    },
  });
}

/** Legitimate stores and generators of secrets. */
export function secretStores(of: Of, namespace: string): Titled[] {
  return [
    of("a SecretStore in AWS, with its own key", "SecretStore", {
      refreshInterval: 3600,
      retrySettings: { maxRetries: 3, retryInterval: "10s" },
      provider: {
        aws: {
          service: "SecretsManager",
          region: "eu-central-1",
          auth: {
            secretRef: {
              accessKeyIDSecretRef: { name: "aws", key: "id" },
              secretAccessKeySecretRef: { name: "aws", key: "key" },
            },
          },
        },
      },
    }),
    of("a SecretStore in its own namespace", "SecretStore", {
      provider: {
        kubernetes: {
          remoteNamespace: namespace,
          server: {
            url: "kubernetes.default",
            caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt" },
          },
          auth: { serviceAccount: { name: "reader", namespace } },
        },
      },
    }),
    of("a SecretStore in a public Vault", "SecretStore", {
      provider: {
        vault: {
          server: "https://vault.example.com:8200",
          path: "secret",
          version: "v2",
          auth: { appRole: { path: "approle", roleId: "shop", secretRef: { name: "vault", key: "id" } } },
        },
      },
    }),
    of("a generator of passwords", "Password", { length: 24, digits: 5, noUpper: false, allowRepeat: false }),
    of("a generator of identifiers", "UUID", {}),
  ];
}
