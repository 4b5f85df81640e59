import { HOSTS_ANNOTATION, IMAGE_AUTOMATION_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";
import { phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { type Fact, type FactFinder, mapAt, objectText, ofKind, textAt, valueText } from "./facts.js";
import type { Level } from "./levels.js";

/** Hosts and image updates that a namespace is allowed. */
export const namespaceFacts: FactFinder = (plan) => ofKind(plan, "Namespace").flatMap(allowances);

function allowances(one: PlannedResource): Fact[] {
  const name = textAt(one, "metadata", "name");
  const { [HOSTS_ANNOTATION]: hosts, [IMAGE_AUTOMATION_ANNOTATION]: branches } = mapAt(
    one.inputs,
    "metadata",
    "annotations",
  );
  const shared = { tenant: one.tenant, kind: "right" } as const;
  return [
    ...textsOf(hosts).map((host): Fact => {
      return {
        ...shared,
        id: JSON.stringify(["host", name, host]),
        subject: `hosts of ${name}`,
        item: phrase`${host}`,
        appear: (items) => phrase`${name} may now serve ${items}`,
        disappear: (items) => phrase`${name} may no longer serve ${items}`,
      };
    }),
    ...textsOf(branches).map((branch): Fact => {
      return {
        ...shared,
        id: JSON.stringify(["image automation", name, branch]),
        subject: `image automation of ${name}`,
        item: phrase`${branch}`,
        appear: (items) => phrase`image automation in ${name} may now push to ${items}`,
        disappear: (items) => phrase`image automation in ${name} may no longer push to ${items}`,
      };
    }),
  ];
}

function textsOf(value: unknown): string[] {
  return valueText(value)
    .split(",")
    .filter((text) => text !== "");
}

/** Levels of Pod Security, from the most permissive. A namespace without one allows everything. */
const podSecurityLevels = ["privileged", "baseline", "restricted"];

/** The level of Pod Security of each namespace, and the account as which each sync applies. */
export function namespaceLevels(plan: StackPlan): Level[] {
  const namespaces = ofKind(plan, "Namespace");
  return [
    ...namespaces.flatMap((one) => [podSecurity(one), otherLabels(one)]),
    ...ofKind(plan, "Kustomization").map(syncAccount),
  ];
}

function podSecurity(one: PlannedResource): Level {
  const name = textAt(one, "metadata", "name");
  const level =
    valueText(mapAt(one.inputs, "metadata", "labels")["pod-security.kubernetes.io/enforce"]) || "privileged";
  const rank = (text: string) => podSecurityLevels.indexOf(text);
  return {
    id: JSON.stringify(["pod security", name]),
    tenant: one.tenant,
    value: level,
    from: (before) =>
      rank(level) < rank(before)
        ? { effect: "gained", item: phrase`Pod Security of ${name} lowered to ${level} (was ${before})` }
        : { effect: "lost", item: phrase`Pod Security of ${name} raised to ${level} (was ${before})` },
  };
}

/** The other labels. Admission policies select namespaces by them, and Pod Security reads its version there. */
function otherLabels(one: PlannedResource): Level {
  const name = textAt(one, "metadata", "name");
  const labels = Object.entries(mapAt(one.inputs, "metadata", "labels"))
    .filter(([label]) => label !== "pod-security.kubernetes.io/enforce")
    .map(([label, value]) => `${label}=${valueText(value)}`)
    .sort();
  return {
    id: JSON.stringify(["labels", name]),
    tenant: one.tenant,
    value: labels.join(", "),
    from: (before) => ({
      effect: "changed",
      item: phrase`labels of ${name}, which decide what policies hold for it: ${labels.join(", ") || "none"} (was ${before || "none"})`,
    }),
  };
}

function syncAccount(one: PlannedResource): Level {
  const account = textAt(one, "spec", "serviceAccountName");
  const sync = objectText(one);
  return {
    id: JSON.stringify(["account", sync]),
    tenant: one.tenant,
    value: account,
    from: (before) =>
      account === ""
        ? { effect: "gained", item: phrase`sync ${sync} names no account any more (was ${before})` }
        : { effect: "changed", item: phrase`sync ${sync} applies as the account ${account} (was ${before || "none"})` },
  };
}
