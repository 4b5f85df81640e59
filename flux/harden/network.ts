import { dnsEgress, podsOf, tcp } from "../../lib/kubernetes/network-policy.js";
import type { KubernetesObject } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { deploymentName, type FluxController, type Trait } from "../release/controllers.js";
import { type Manifest, objectsOf } from "../release/typed-kind.js";
import { type Controller, controllersOf } from "./controller.js";
import type { HardenContext, Step } from "./step.js";

/** The release's network policies, all of them wider than Flux needs. */
const releasePolicies = "allow-egress, allow-scraping, allow-webhooks";

/**
 * Replaces the release's network policies by deny-all and the connections that Flux needs.
 *
 * The release allows every pod to reach everything, and every namespace to scrape metrics and to reach every port of
 * notification-controller, which trusts the events that it receives. Here metrics are closed until the platform opens
 * them for its own monitoring. Egress to 443 is open to every address, because a NetworkPolicy knows no names, and Git
 * servers and API servers have no fixed addresses. The cluster's network plugin must enforce policies.
 */
export const restrictNetwork: Step = (objects, context) => {
  const policies = objectsOf(objects, "NetworkPolicy");
  const found = policies.map(({ metadata }) => metadata.name).sort();
  if (found.join(", ") !== releasePolicies) {
    throw context.unexpected("NetworkPolicy", `expected ${releasePolicies}, and found ${found.join(", ") || "none"}`);
  }
  return [...objects.filter((object) => !policies.includes(object)), ...fluxPolicies(objects, context)];
};

/** Ports that every controller may reach anywhere. */
const usualPorts = [443, 6443];

function fluxPolicies(objects: Manifest, context: HardenContext): KubernetesObject[] {
  const controllers = controllersOf(objects, context);
  const having = (trait: Trait) => pods(controllers.filter(({ has }) => has(trait)));
  const sending = having("sendsEvents");
  const notifications = pods(controllers.filter(({ name }) => name === "notification-controller"));
  const artifacts = portOf(objects, "source-controller", "http", context);
  const events = [tcp(portOf(objects, "notification-controller", "http", context))];
  const webhooks = [tcp(portOf(objects, "notification-controller", "http-webhook", context))];
  const from = context.settings.ingressNamespaces.map(podsOf);
  // A GitHub Enterprise Server may answer at a port of its own.
  const { httpsPort = 443 } = context.settings;
  return [
    policy("deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }),
    egress("allow-dns", {}, dnsEgress),
    // HTTPS, for Git, OCI registries, Helm repositories and webhooks, and the API server's own usual ports.
    egress("allow-https", {}, { ports: usualPorts.map(tcp) }),
    ...(usualPorts.includes(httpsPort)
      ? []
      : [egress("allow-git-https", having("usesSsh"), { ports: [tcp(httpsPort)] })]),
    egress("allow-git-ssh", having("usesSsh"), { ports: sshPorts(context.settings.sshAddress).map(tcp) }),
    ...[undefined, ...context.settings.shards].flatMap((shard) => artifactPolicies(controllers, artifacts, shard)),
    egress("send-events", sending, { to: [{ podSelector: notifications }], ports: events }),
    ingress("receive-events", notifications, { from: [{ podSelector: sending }], ports: events }),
    // Without a listed ingress controller, webhooks are closed: a rule from nowhere would open them to everything.
    ...(from.length === 0 ? [] : [ingress("allow-webhooks", notifications, { from, ports: webhooks })]),
  ];
}

/** The way from controllers that fetch artifacts to the server of their own shard, or of no shard, and to no other. */
function artifactPolicies(controllers: readonly Controller[], port: number, shard: string | undefined) {
  const ofShard = controllers.filter((controller) => controller.shard === shard);
  const [sources, fetching] = [
    pods(ofShard.filter(({ has }) => has("servesArtifacts"))),
    pods(ofShard.filter(({ has }) => has("fetchesArtifacts"))),
  ];
  const ending = shard === undefined ? "" : `-${shard}`;
  const ports = [tcp(port)];
  return [
    egress(`fetch-artifacts${ending}`, fetching, { to: [{ podSelector: sources }], ports }),
    ingress(`serve-artifacts${ending}`, sources, { from: [{ podSelector: fetching }], ports }),
  ];
}

/** Ports of SSH servers: the usual one, which tenants' sources may have, and that of the stack's Git server. */
function sshPorts(address: string | undefined): number[] {
  return [...new Set([22, ...(address === undefined ? [] : [Number(address.replace(/^.*:/, ""))])])];
}

/** The port that the container of a main controller declares under a name. Policies apply to pods, behind any Service. */
function portOf(objects: Manifest, name: FluxController, port: string, context: HardenContext): number {
  const controller = controllersOf(objects, context).find((one) => one.name === name && one.shard === undefined);
  if (!controller) throw context.unexpected(`Deployment ${name}`, "is missing");
  const { podLabels, container, unexpected } = controller;
  if (podLabels.app !== name) throw unexpected(`expected pods with the label app=${name}`);
  const declared = container.ports?.find((one) => one.name === port);
  if (!declared) throw unexpected(`expected a container port named ${port}`);
  return declared.containerPort;
}

/** Selects pods of these controllers by the label that their Deployments use. */
function pods(controllers: readonly Controller[]) {
  const values = controllers.map(({ name, shard }) => deploymentName(name, shard)).sort();
  return { matchExpressions: [{ key: "app", operator: "In", values }] };
}

const egress = (name: string, podSelector: object, rule: object) =>
  policy(name, { podSelector, policyTypes: ["Egress"], egress: [rule] });

const ingress = (name: string, podSelector: object, rule: object) =>
  policy(name, { podSelector, policyTypes: ["Ingress"], ingress: [rule] });

function policy(name: string, spec: object): KubernetesObject {
  const metadata = { name, namespace: FLUX_NAMESPACE };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}
