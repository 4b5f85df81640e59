import { planned } from "../../../../support/unit/plan.js";
import { bothWays, guards, limits, namespace, network, quota } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `guarded-namespaces`. */
export const guardedNamespacesCases: RuleCases = {
  violating: [
    {
      title: "a namespace alone",
      after: [namespace("a", { level: "" })],
      messages: [
        "the namespace a has no Pod Security, no ResourceQuota, no LimitRange, no NetworkPolicy that denies by default",
      ],
    },
    {
      title: "a network policy of some pods",
      after: [
        namespace("a"),
        quota("a", {}),
        limits("a"),
        network("a", { ...bothWays, podSelector: { matchLabels: { app: "x" } } }),
      ],
      messages: ["the namespace a has no NetworkPolicy that denies by default"],
    },
    {
      title: "a network policy of one direction",
      after: [namespace("a"), quota("a", {}), limits("a"), network("a", { ...bothWays, policyTypes: ["Ingress"] })],
      messages: ["the namespace a has no NetworkPolicy that denies by default"],
    },
    {
      title: "a network policy that allows all traffic",
      after: [namespace("a"), quota("a", {}), limits("a"), network("a", { ...bothWays, egress: [{}] })],
      messages: ["the namespace a has no NetworkPolicy that denies by default"],
    },
    {
      title: "guards of another namespace",
      after: [...guards, namespace("b")],
      messages: ["the namespace b has no ResourceQuota, no LimitRange, no NetworkPolicy that denies by default"],
    },
  ],
  clean: [
    { title: "all guards", after: [namespace("a"), ...guards] },
    {
      title: "an empty selector of labels",
      after: [
        namespace("a"),
        quota("a", {}),
        limits("a"),
        network("a", { ...bothWays, podSelector: { matchLabels: {} } }),
      ],
    },
    {
      title: "the component of a namespace",
      after: [planned("fleet:tenant:Namespace", "a.a", {}, "a"), namespace("a"), ...guards],
    },
    {
      title: "a namespace of the platform",
      after: [planned("kubernetes:core/v1:Namespace", "flux", { metadata: { name: "flux-system" } })],
    },
  ],
};
