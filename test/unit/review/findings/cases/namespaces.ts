import { planned } from "../../../../support/unit/plans.js";
import type { ConsequenceCases } from "./consequence-cases.js";
import { inSearch, namespace, network, quota, sync, toNet } from "./objects.js";

/** Changes of tenants' namespaces: quotas, network, Pod Security, hosts and identities. */
export const namespacesCases: ConsequenceCases = {
  "a quota that goes without its namespace": [
    [namespace("restricted"), quota({ pods: "10" })],
    [namespace("restricted")],
    "gained: quota search/tenant raised: pods from 10 to unlimited",
  ],
  "other labels of a namespace": [
    [planned("core/v1:Namespace", { name: "search", labels: { "fleet.dev/tenant": "search" } })],
    [planned("core/v1:Namespace", { name: "search" })],
    "changed: labels of search, which decide what policies hold for it: none (was fleet.dev/tenant=search)",
  ],
  "a cloud identity": [
    [planned("core/v1:ServiceAccount", inSearch)],
    [
      planned("core/v1:ServiceAccount", {
        ...inSearch,
        annotations: { "eks.amazonaws.com/role-arn": "arn:x", "pulumi.com/patchForce": "true" },
      }),
    ],
    "gained: pods with the account search/tenant may now act as eks.amazonaws.com/role-arn: arn:x",
  ],
  "addresses that pods reach": [
    [network([])],
    [network([toNet])],
    "gained: search: pods may reach 10.0.0.0/8 except 10.1.0.0/16 (TCP 5432)",
  ],
  "a rule without peers and ports": [
    [network([])],
    [network([{}])],
    "gained: search: pods may reach any address (every port)",
  ],
  "a network policy that no longer isolates": [
    [network([])],
    [network([], ["Ingress"])],
    "gained: search: network policies no longer refuse any traffic (Egress)",
  ],
  "Pod Security that is lowered": [
    [namespace("restricted")],
    [namespace("baseline")],
    "gained: Pod Security of search lowered to baseline (was restricted)",
  ],
  "Pod Security that is gone": [
    [namespace("baseline")],
    [planned("core/v1:Namespace", { name: "search" })],
    "gained: Pod Security of search lowered to privileged (was baseline)",
  ],
  "Pod Security that is raised": [
    [namespace("baseline")],
    [namespace("restricted")],
    "lost: Pod Security of search raised to restricted (was baseline)",
  ],
  "hosts of a namespace": [
    [namespace("restricted", { "fleet.dev/hosts": "a.example.com" })],
    [namespace("restricted", { "fleet.dev/hosts": "b.example.com" })],
    "gained: search may now serve b.example.com",
    "lost: search may no longer serve a.example.com",
  ],
  "a quota that is lowered and raised": [
    [quota({ "count/pods": "9", pods: "5", "limits.cpu": "500m" })],
    [quota({ "count/pods": "8", pods: "6", "limits.cpu": "0.5" })],
    "gained: quota search/tenant raised: pods from 5 to 6",
    "loss: quota search/tenant lowered: count/pods from 9 to 8",
  ],
  "a limit that is new, and one that is gone": [
    [quota({ pods: "5" })],
    [quota({ "limits.memory": "1Gi" })],
    "gained: quota search/tenant raised: pods from 5 to unlimited",
    "loss: quota search/tenant lowered: limits.memory from unlimited to 1Gi",
  ],
  "a namespace that is deleted, without what is in it": [
    [namespace("restricted"), sync({})],
    [],
    "loss: namespace search is deleted with everything in it, volume claims included",
  ],
};
