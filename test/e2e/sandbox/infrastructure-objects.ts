import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { secret } from "../../support/objects/configuration.js";
import { canary } from "../../support/objects/network.js";
import { type Fields, object } from "../../support/objects/object.js";
import { container, deployment, podSpec } from "../../support/objects/workloads.js";

/** Namespace of the tenant that uses the infrastructure. */
export const namespace = "payments";

/** Canaries by the success rate, in percent, that the metrics tell of each. Flagger is to demand 99. */
export const successRates = { shop: 100, cart: 42 } as const;
/** The name of a canary, and of its Deployment. */
export type CanaryName = keyof typeof successRates;
/** All of them. */
export const canaryNames = Object.keys(successRates) as CanaryName[];

/** The answer of Prometheus to a query of Flagger: the success rate of the canary that it names. */
export function successRateIn(query: string): number {
  const name = canaryNames.find((candidate) => query.includes(`"${candidate}-`));
  return name === undefined ? 1 : successRates[name];
}

/** A certificate of the tenant's own authority, with the Secret that it is written to. */
export const certificates: readonly KubernetesObject[] = [
  object("Issuer", { name: "own" }, { spec: { selfSigned: {} } }),
  object("Certificate", { name: "shop" }, { spec: certificateSpec({ duration: "2160h" }) }),
];

/** A Certificate that the definition of its kind admits, and cert-manager's webhook refuses: it lasts for a moment only. */
export const refusedCertificate = object(
  "Certificate",
  { name: "refused", namespace },
  { spec: certificateSpec({ duration: "10m" }) },
);

/** An object of an add-on that the stack does not offer, and whose kind the cluster lacks. */
export const notOffered = object(
  "ExternalSecret",
  { name: "shop" },
  { spec: { secretStoreRef: { name: "own" }, data: [] } },
);

function certificateSpec(fields: Fields): Fields {
  return { secretName: "shop-tls", dnsNames: ["shop.payments.svc"], issuerRef: { name: "own" }, ...fields };
}

/**
 * Workloads that Flagger watches, and the chat that it tells.
 * @param image of their only container: another one is a new version
 * @param chat secret address of a Slack channel
 */
export function canaries(image: string, chat: string): readonly KubernetesObject[] {
  return [
    secret({ name: "chat" }, { address: chat }),
    object(
      "AlertProvider",
      { name: "chat" },
      { spec: { type: "slack", channel: "deploys", secretRef: { name: "chat" } } },
    ),
    ...canaryNames.flatMap((name) => [
      deployment({ name }, podSpec({ ...container(), image })),
      canary(
        { name },
        {
          targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          service: { port: 8080 },
          analysis: {
            interval: "10s",
            threshold: 1,
            iterations: 1,
            metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }],
            // Flagger takes a reference without a namespace for one that leads out.
            alerts: [{ name: "chat", severity: "info", providerRef: { name: "chat", namespace } }],
          },
        },
      ),
    ]),
  ];
}
