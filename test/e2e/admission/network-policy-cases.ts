import { networkPolicy } from "../../support/objects/network.js";
import type { Fields } from "../../support/objects/object.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

const pods = { podSelector: { matchLabels: { app: "web" } } };
const named = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
const ofTenant = (name: string) => ({ namespaceSelector: { matchLabels: { "fleet.dev/tenant": name } } });
const oneOf = (...values: readonly string[]) => ({
  namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] },
});
const everywhere = { namespaceSelector: {} };
const dnsPods = { podSelector: { matchLabels: { "k8s-app": "kube-dns" } } };
const block = (cidr: string) => ({ ipBlock: { cidr } });
const dns = [
  { port: 53, protocol: "UDP" },
  { port: 53, protocol: "TCP" },
];

/** Forms that charts render, and other forms that open more than the platform's policy. */
const widening: Readonly<Record<string, Fields>> = {
  "lets everybody in": { ingress: [{}] },
  // Bitnami, Grafana, ingress-nginx and kube-prometheus-stack, by default.
  "lets everybody in at one port": { ingress: [{ ports: [{ port: 80 }] }] },
  "lets every namespace scrape its metrics, as Argo CD's does": {
    ingress: [{ _from: [everywhere], ports: [{ port: "metrics" }] }],
  },
  // Bitnami (allowExternalEgress), ingress-nginx and kube-prometheus-stack.
  "lets everything out": { egress: [{}] },
  "lets everything out at any port": { egress: [{ ports: [{}] }] },
  // Bitnami without allowExternalEgress, and Grafana.
  "lets DNS out to any address": { egress: [{ ports: dns }] },
  "lets DNS out to pods of every namespace": { egress: [{ to: [everywhere], ports: dns }] },
  "lets DNS out by the name of a port, as Loki's does": {
    egress: [{ to: [{ ...everywhere, ...dnsPods }], ports: [{ port: "dns", protocol: "UDP" }] }],
  },
  "reaches the cluster's DNS at every port": { egress: [{ to: [named("kube-system")] }] },
  "reaches the cluster's DNS at another port too": {
    egress: [{ to: [named("kube-system")], ports: [...dns, { port: 443 }] }],
  },
  "reaches the cluster's DNS at a range of ports": {
    egress: [{ to: [named("kube-system")], ports: [{ port: 53, endPort: 9153 }] }],
  },
  "reaches pods that it calls DNS at every port": { egress: [{ to: [{ ...everywhere, ...dnsPods }] }] },
  "reaches another address than that of a node's DNS": { egress: [{ to: [block("169.254.20.0/24")], ports: dns }] },
  "lets the cluster's DNS in": { ingress: [{ _from: [named("kube-system")], ports: dns }] },
  "has an empty list of peers": { ingress: [{ _from: [] }] },
  "lets a neighbour in": { ingress: [{ _from: [named("team-b")] }] },
  "lets a neighbour's pods in": { ingress: [{ _from: [{ ...named("team-b"), ...pods }] }] },
  "lets a neighbour in by the name of the tenant": { ingress: [{ _from: [ofTenant("team-b")] }] },
  "lets a neighbour in beside its own namespace": { ingress: [{ _from: [oneOf("team-a", "team-b")] }] },
  "lets every other namespace in": {
    ingress: [
      {
        _from: [
          {
            namespaceSelector: {
              matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["team-a"] }],
            },
          },
        ],
      },
    ],
  },
  "lets namespaces without a tenant in": {
    ingress: [
      { _from: [{ namespaceSelector: { matchExpressions: [{ key: "fleet.dev/tenant", operator: "DoesNotExist" }] } }] },
    ],
  },
  "lets every namespace in, beside its own pods": { ingress: [{ _from: [pods, everywhere] }] },
  "lets an ingress controller in, which the file may take back": { ingress: [{ _from: [named("ingress-nginx")] }] },
  "lets addresses out, in the second rule": { egress: [{ to: [pods] }, { to: [block("169.254.169.254/32")] }] },
  "lets addresses in, beside its own pods": { ingress: [{ _from: [pods, block("10.0.0.0/8")] }] },
};

/** Forms that stay within what the platform's policy allows in every namespace. */
const within: Readonly<Record<string, Fields>> = {
  "between its own pods": {
    ingress: [{ _from: [pods], ports: [{ port: 80 }] }],
    egress: [{ to: [{ podSelector: {} }] }],
  },
  "that shuts everything": { policyTypes: ["Ingress", "Egress"] },
  "from clients by their label, as Bitnami's without allowExternal": {
    policyTypes: ["Ingress"],
    ingress: [{ _from: [pods, { podSelector: { matchLabels: { "redis-client": "true" } } }], ports: [{ port: 6379 }] }],
  },
  "that names its own namespace": { ingress: [{ _from: [{ ...named("team-a"), ...pods }, oneOf("team-a")] }] },
  "of all namespaces of its tenant": {
    ingress: [{ _from: [ofTenant("team-a")] }],
    egress: [{ to: [ofTenant("team-a")] }],
  },
  "to the cluster's DNS": { egress: [{ to: [named("kube-system")], ports: dns }] },
  "to the pods of the cluster's DNS": { egress: [{ to: [{ ...named("kube-system"), ...dnsPods }], ports: dns }] },
  "to pods with the label of DNS, as most charts have it": {
    egress: [{ to: [{ ...everywhere, ...dnsPods }], ports: dns }],
  },
  "to the DNS of its node": { egress: [{ to: [block("169.254.20.10/32"), named("kube-system")], ports: dns }] },
  "with open rules of a direction that it is not about": {
    policyTypes: ["Ingress"],
    ingress: [{ _from: [pods] }],
    egress: [{}],
  },
};

/** Policy fleet-network-policies. `_from` is what the Kubernetes client calls `from`; it leaves out what it does not know. */
export function networkPolicyCases(place: Place): Case[] {
  const objects = (forms: Readonly<Record<string, Fields>>, verb: string) =>
    each(Object.entries(forms), ([title, spec]) => [`a NetworkPolicy ${verb}${title}`, networkPolicy(place, spec)]);
  return [
    ...refused(
      /your own network policies may only allow connections within this namespace.* set networkPolicy\.enabled: false/,
      objects(widening, "that "),
    ),
    ...allowed(objects(within, "")),
  ];
}
