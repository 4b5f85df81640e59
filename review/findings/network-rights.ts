import { type Phrase, phrase, plainText } from "../phrase.js";
import type { PlannedResource } from "../planned-resource.js";
import { type Fact, type FactFinder, fieldAt, labelsText, listAt, mapAt, ofKind, textAt, valueText } from "./facts.js";

/** The traffic that network policies allow, and the namespaces in which they refuse all other traffic. */
export const networkFacts: FactFinder = (plan) => {
  return ofKind(plan, "NetworkPolicy").flatMap((policy) => [...trafficFacts(policy), ...isolationFacts(policy)]);
};

interface Direction {
  readonly type: string;
  readonly rules: string;
  readonly peers: string;
  readonly verb: string;
}

const directions: readonly Direction[] = [
  { type: "Egress", rules: "egress", peers: "to", verb: "reach" },
  { type: "Ingress", rules: "ingress", peers: "from", verb: "be reached from" },
];

function trafficFacts(policy: PlannedResource): Fact[] {
  const namespace = textAt(policy, "metadata", "namespace");
  const pods = podsText(fieldAt(policy.inputs, "spec", "podSelector"));
  return directions.flatMap(({ rules, peers, verb }) =>
    listAt(policy.inputs, "spec", rules).flatMap((rule) =>
      peersOf(listAt(rule, peers)).flatMap((peer) =>
        portsOf(listAt(rule, "ports")).map((port): Fact => {
          return {
            id: JSON.stringify(["traffic", namespace, pods, rules, peer, port]),
            tenant: policy.tenant,
            kind: "right",
            subject: `traffic ${namespace} ${plainText(pods)} ${rules}`,
            item: phrase`${peer}`,
            part: port,
            appear: (items) => phrase`${namespace}: ${pods} may ${[verb]} ${items}`,
            disappear: (items) => phrase`${namespace}: ${pods} may no longer ${[verb]} ${items}`,
          };
        }),
      ),
    ),
  );
}

/** A policy that selects all pods of a namespace refuses what no policy allows. */
function isolationFacts(policy: PlannedResource): Fact[] {
  const selector = fieldAt(policy.inputs, "spec", "podSelector") ?? {};
  if (Object.keys(selector).length > 0) return [];
  const namespace = textAt(policy, "metadata", "namespace");
  return listAt(policy.inputs, "spec", "policyTypes").map((type): Fact => {
    return {
      id: JSON.stringify(["isolated", namespace, type]),
      tenant: policy.tenant,
      kind: "restriction",
      subject: `isolation of ${namespace}`,
      item: phrase`${valueText(type)}`,
      appear: (types) => phrase`${namespace}: traffic is refused unless a policy allows it (${types})`,
      disappear: (types) => phrase`${namespace}: network policies no longer refuse any traffic (${types})`,
    };
  });
}

function podsText(selector: unknown): Phrase {
  const text = labelsText(selector);
  return text === "" ? ["pods"] : phrase`pods with ${text}`;
}

/** Peers as people name them. A rule without peers allows every one. */
function peersOf(peers: readonly unknown[]): string[] {
  return peers.length === 0 ? ["any address"] : peers.map(peerText);
}

function peerText(peer: unknown): string {
  const cidr = fieldAt(peer, "ipBlock", "cidr");
  if (cidr !== undefined) {
    const except = listAt(peer, "ipBlock", "except");
    return `${cidr}${except.length === 0 ? "" : ` except ${except.join(" ")}`}`;
  }
  const namespaces = fieldAt(peer, "namespaceSelector");
  const pods = labelsText(fieldAt(peer, "podSelector"));
  const { "kubernetes.io/metadata.name": name, ...others } = mapAt(namespaces, "matchLabels");
  const isNamed =
    typeof name === "string" && Object.keys(others).length + listAt(namespaces, "matchExpressions").length === 0;
  const selected = isNamed ? `namespace ${name}` : `namespaces with ${labelsText(namespaces) || "any labels"}`;
  const place = namespaces === undefined ? "its own pods" : selected;
  return pods === "" ? place : `${place} with ${pods}`;
}

/** Ports as people write them. A rule without ports allows every one. */
function portsOf(ports: readonly unknown[]): string[] {
  if (ports.length === 0) return ["every port"];
  return ports.map((port) => {
    const [protocol = "TCP", from, to] = ["protocol", "port", "endPort"].map((key) => fieldAt(port, key));
    return `${protocol} ${from ?? "every port"}${to === undefined ? "" : `-${to}`}`;
  });
}
