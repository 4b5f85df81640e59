import { networkPolicy } from "../../support/objects/network.js";
import { allowed, type Case, type Place, refused } from "./cases.js";

/** Policy fleet-network-policies. `_from` is what the Kubernetes client calls `from`; it leaves out what it does not know. */
export function networkPolicyCases(place: Place): Case[] {
  const pods = { podSelector: { matchLabels: { app: "web" } } };
  const neighbours = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-b" } } };
  const metadata = { ipBlock: { cidr: "169.254.169.254/32" } };
  return [
    ...refused(
      /your own network policies may only allow connections within this namespace: set from or to of every rule/,
      {
        "a NetworkPolicy that lets everybody in": networkPolicy(place, { ingress: [{}] }),
        "a NetworkPolicy that lets everybody in at one port": networkPolicy(place, {
          ingress: [{ ports: [{ port: 80 }] }],
        }),
        "a NetworkPolicy that lets everything out": networkPolicy(place, { egress: [{}] }),
        "a NetworkPolicy with an empty list of peers": networkPolicy(place, { ingress: [{ _from: [] }] }),
        "a NetworkPolicy that lets a neighbour in": networkPolicy(place, { ingress: [{ _from: [neighbours] }] }),
        "a NetworkPolicy that lets a neighbour's pods in": networkPolicy(place, {
          ingress: [{ _from: [{ ...neighbours, ...pods }] }],
        }),
        "a NetworkPolicy that lets every namespace in, beside its own pods": networkPolicy(place, {
          ingress: [{ _from: [pods, { namespaceSelector: {} }] }],
        }),
        "a NetworkPolicy that lets addresses out, in the second rule": networkPolicy(place, {
          egress: [{ to: [pods] }, { to: [metadata] }],
        }),
      },
    ),
    ...allowed({
      "a NetworkPolicy between its own pods": networkPolicy(place, {
        ingress: [{ _from: [pods], ports: [{ port: 80 }] }],
        egress: [{ to: [{ podSelector: {} }] }],
      }),
      "a NetworkPolicy that shuts everything": networkPolicy(place, { policyTypes: ["Ingress", "Egress"] }),
    }),
  ];
}
