import { dnsEgress } from "../../lib/kubernetes/dns-egress.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { CONTROLLER_TRAITS, type FluxController } from "../release/controllers.js";
import { asDeployment } from "../release/deployment.js";
import { managerOf } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "network";

/** The release's network policies, all of them wider than Flux needs. */
const releasePolicies: readonly string[] = ["allow-egress", "allow-scraping", "allow-webhooks"];

/** HTTPS, for Git, OCI registries, Helm repositories and webhooks, and the API server's own usual ports. */
const httpsAndApiServer = [tcp(443), tcp(6443)];

/**
 * Replaces the release's network policies by deny-all and the connections that Flux needs.
 *
 * The release allows every pod to reach everything, and every namespace to scrape metrics on 8080 and to reach every
 * port of notification-controller, which trusts the events that it receives. Here ports are those that the containers
 * declare, and metrics are closed until the platform opens them for its own monitoring. Egress to 443 is open to every
 * address, because a NetworkPolicy knows no names, and Git servers and API servers have no fixed addresses.
 *
 * The cluster's network plugin must enforce policies.
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function restrictNetwork(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  const names = policies.map(({ metadata }) => metadata.name).sort();
  if (names.join() !== releasePolicies.join()) {
    const found = names.join(", ") || "none";
    throw unexpectedManifest(
      context,
      step,
      "NetworkPolicy",
      `expected ${releasePolicies.join(", ")}, and found ${found}`,
    );
  }
  const rest = objects.filter(({ kind }) => kind !== "NetworkPolicy");
  return [...rest, ...fluxPolicies(rest, context)];
}

function fluxPolicies(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const artifacts = portOf(objects, "source-controller", "http", context);
  const events = portOf(objects, "notification-controller", "http", context);
  const webhooks = portOf(objects, "notification-controller", "http-webhook", context);
  const { selected } = context;
  const fetching = selected.filter((name) => CONTROLLER_TRAITS[name].fetchesArtifacts);
  const sending = selected.filter((name) => CONTROLLER_TRAITS[name].sendsEvents);
  const speakingSsh = selected.filter((name) => CONTROLLER_TRAITS[name].usesSsh);

  return [
    policy("deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    policy("allow-dns", { podSelector: {}, policyTypes: ["Egress"], egress: [dnsEgress] }),
    policy("allow-https", { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: httpsAndApiServer }] }),
    policy("allow-git-ssh", {
      podSelector: pods(speakingSsh),
      policyTypes: ["Egress"],
      egress: [{ ports: [tcp(22)] }],
    }),
    policy("fetch-artifacts", {
      podSelector: pods(fetching),
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: pods(["source-controller"]) }], ports: [tcp(artifacts)] }],
    }),
    policy("serve-artifacts", {
      podSelector: pods(["source-controller"]),
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: pods(fetching) }], ports: [tcp(artifacts)] }],
    }),
    policy("send-events", {
      podSelector: pods(sending),
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: pods(["notification-controller"]) }], ports: [tcp(events)] }],
    }),
    policy("receive-events", {
      podSelector: pods(["notification-controller"]),
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: pods(sending) }], ports: [tcp(events)] }],
    }),
    ...allowWebhooks(context.settings.ingressNamespaces, webhooks),
  ];
}

/** Allows webhooks from the ingress controllers that the stack lists; without any, webhooks are closed. */
function allowWebhooks(namespaces: readonly string[], port: number): KubernetesObject[] {
  if (namespaces.length === 0) return [];
  const from = namespaces.map((name) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  }));
  const podSelector = pods(["notification-controller"]);
  return [policy("allow-webhooks", { podSelector, policyTypes: ["Ingress"], ingress: [{ from, ports: [tcp(port)] }] })];
}

/** The port that a controller's container declares under a name. Policies apply to pods, behind any Service. */
function portOf(
  objects: readonly KubernetesObject[],
  name: FluxController,
  port: string,
  context: HardenContext,
): number {
  const found = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
  if (!found) throw unexpectedManifest(context, step, `Deployment ${name}`, "is missing");
  const deployment = asDeployment(found);
  const app = deployment.spec.template.metadata.labels.app;
  if (app !== name)
    throw unexpectedManifest(context, step, objectName(found), `expected pods with the label app=${name}`);
  const { container } = managerOf(deployment, context, step);
  const declared = container.ports?.find((one) => one.name === port);
  if (!declared) throw unexpectedManifest(context, step, objectName(found), `expected a container port named ${port}`);
  return declared.containerPort;
}

function policy(name: string, spec: Record<string, unknown>): KubernetesObject {
  const metadata = { name, namespace: FLUX_NAMESPACE };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

/** Selects pods of these controllers by the label that their Deployments use. */
function pods(controllers: readonly FluxController[]): Record<string, unknown> {
  return { matchExpressions: [{ key: "app", operator: "In", values: [...controllers].sort() }] };
}

function tcp(port: number): { readonly protocol: string; readonly port: number } {
  return { protocol: "TCP", port };
}
