import { fieldAt, listAt, ofKind, textAt } from "../findings/facts.js";
import type { PlannedResource } from "../planned-resource.js";
import type { JudgedPlan } from "./rule.js";

/** Names of the namespaces that a plan registers for tenants. */
export function tenantNamespaces(plan: JudgedPlan): ReadonlySet<string> {
  return new Set(tenantNamespaceObjects(plan).map((one) => textAt(one, "metadata", "name")));
}

/** The namespaces that a plan registers for tenants, without the components that group their objects. */
export function tenantNamespaceObjects(plan: JudgedPlan): PlannedResource[] {
  return namespaces(plan).filter(({ tenant }) => tenant !== undefined);
}

/** The objects of a kind in a namespace. */
export function inNamespace(plan: JudgedPlan, kind: string, namespace: string): PlannedResource[] {
  return ofKind(plan, kind).filter((one) => textAt(one, "metadata", "namespace") === namespace);
}

/** The level of Pod Security that a namespace enforces. Kubernetes enforces nothing without the label. */
export function podSecurityOf(namespace: PlannedResource): string {
  return textAt(namespace, "metadata", "labels", "pod-security.kubernetes.io/enforce") || "privileged";
}

/** Whether a network policy selects every pod for both directions, so that only listed traffic passes, and not all of it. */
export function isDefaultDeny({ inputs }: PlannedResource): boolean {
  const selector = fieldAt(inputs, "spec", "podSelector");
  const types = listAt(inputs, "spec", "policyTypes");
  // A rule without peers and ports allows everything.
  const isOpen = (rules: string, peers: string) =>
    listAt(inputs, "spec", rules).some((rule) => listAt(rule, peers).length + listAt(rule, "ports").length === 0);
  return (
    typeof selector === "object" &&
    selector !== null &&
    Object.values(selector).every(
      (part) => typeof part === "object" && part !== null && Object.keys(part).length === 0,
    ) &&
    ["Ingress", "Egress"].every((type) => types.includes(type)) &&
    !isOpen("ingress", "from") &&
    !isOpen("egress", "to")
  );
}

/** The namespace of the same name in another plan, whatever its resource is called there. */
export function sameNamespaceIn(plan: JudgedPlan, namespace: PlannedResource): PlannedResource | undefined {
  const name = textAt(namespace, "metadata", "name");
  return namespaces(plan).find((one) => textAt(one, "metadata", "name") === name);
}

/** All namespaces, without the components that group their objects. */
export function namespaces(plan: JudgedPlan): PlannedResource[] {
  return ofKind(plan, "Namespace").filter(({ type }) => type.startsWith("kubernetes:"));
}
