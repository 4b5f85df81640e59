import type { Subject } from "../access/bindings.js";
import { type AuditFinding, auditFinding, type Severity } from "./finding.js";
import type { FluxController } from "./flux-controllers.js";
import { type Grant, isEverything } from "./grants.js";
import { deletion } from "./patch.js";

/** Label of the bindings that an API server creates itself, and creates again. */
const BOOTSTRAPPING = "kubernetes.io/bootstrapping";
/** Groups that every account belongs to, or everyone. */
const everyone = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

/** Bindings that give the right to do everything, in the whole cluster or in a namespace. */
export function judgeBindings(grants: readonly Grant[], controllers: readonly FluxController[]): AuditFinding[] {
  return grants.flatMap(({ binding, role, namespace, rules, subjects }) => {
    if (binding.object.metadata.labels[BOOTSTRAPPING] !== undefined || !isEverything(rules)) return [];
    if (subjects.length === 0) return [];
    const detail = `gives ${subjects.map(subjectText).join(", ")} the ${role}`;
    const fix = deletion(binding);
    if (namespace !== undefined) {
      return [auditFinding("binding-namespace-admin", binding, { severity: "low", detail, fix })];
    }
    const severity = severityOf(subjects, controllers);
    return [auditFinding("binding-cluster-admin", binding, { severity, detail, fix })];
  });
}

/** Administrators are people, and accounts in the namespaces of the control plane and of Flux. */
function severityOf(subjects: readonly Subject[], controllers: readonly FluxController[]): Severity {
  const trusted = new Set(["kube-system", ...controllers.map(({ namespace }) => namespace)]);
  const isOpen = subjects.some(({ kind, name, namespace = "" }) => {
    if (kind === "ServiceAccount") return !trusted.has(namespace);
    const [, place] = /^system:serviceaccounts?:([^:]+)/.exec(name) ?? [];
    return everyone.includes(name) || name === "system:anonymous" || (place !== undefined && !trusted.has(place));
  });
  return isOpen ? "high" : "medium";
}

function subjectText({ kind, name, namespace }: Subject): string {
  return kind === "ServiceAccount" ? `the ServiceAccount ${namespace}/${name}` : `the ${kind} ${name}`;
}
