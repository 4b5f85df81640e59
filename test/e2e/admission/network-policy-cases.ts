import { type Case, objectOf, type Place, type Spec } from "./cases.js";

/** Policy fleet-network-policies. */
export function networkPolicyCases(place: Place): Case[] {
  const policy = (spec: Spec) => objectOf(place, "networking.k8s.io/v1", "NetworkPolicy", { podSelector: {}, ...spec });
  const pods = { podSelector: { matchLabels: { app: "web" } } };
  const neighbours = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-b" } } };
  // `_from` is what the Kubernetes client calls `from`; it leaves out what it does not know.
  const refused =
    /your own network policies may only allow connections within this namespace: set from or to of every rule/;
  return [
    { title: "a NetworkPolicy that lets everybody in", object: policy({ ingress: [{}] }), refused },
    {
      title: "a NetworkPolicy that lets everybody in at one port",
      object: policy({ ingress: [{ ports: [{ port: 80 }] }] }),
      refused,
    },
    { title: "a NetworkPolicy that lets everything out", object: policy({ egress: [{}] }), refused },
    { title: "a NetworkPolicy with an empty list of peers", object: policy({ ingress: [{ _from: [] }] }), refused },
    {
      title: "a NetworkPolicy that lets a neighbour in",
      object: policy({ ingress: [{ _from: [neighbours] }] }),
      refused,
    },
    {
      title: "a NetworkPolicy that lets a neighbour's pods in",
      object: policy({ ingress: [{ _from: [{ ...neighbours, ...pods }] }] }),
      refused,
    },
    {
      title: "a NetworkPolicy that lets every namespace in, beside its own pods",
      object: policy({ ingress: [{ _from: [pods, { namespaceSelector: {} }] }] }),
      refused,
    },
    {
      title: "a NetworkPolicy that lets addresses out, in the second rule",
      object: policy({ egress: [{ to: [pods] }, { to: [{ ipBlock: { cidr: "169.254.169.254/32" } }] }] }),
      refused,
    },
    {
      title: "a NetworkPolicy between its own pods",
      object: policy({ ingress: [{ _from: [pods], ports: [{ port: 80 }] }], egress: [{ to: [{ podSelector: {} }] }] }),
    },
    { title: "a NetworkPolicy that shuts everything", object: policy({ policyTypes: ["Ingress", "Egress"] }) },
  ];
}
