import { shellWord } from "../../lib/process/shell-word.js";
import type { TenantNamespaces } from "../access/bindings.js";
import type { DryRun, DryRunAnswer } from "./admission.js";
import { type Finding, finding } from "./finding.js";
import type { ListedObject } from "./left-over.js";
import { objectText } from "./planned-objects.js";

/** Kinds of a tenant's objects that could open its namespace, if a policy did not restrict them. */
const restricted = ["NetworkPolicy", "Role", "Kustomization", "HelmRelease"];

/**
 * A dry run for each object that a tenant has of a restricted kind: would the API server let the tenant's reconciler
 * create it today? So the policies that are in force judge it, and no copy of their rules.
 */
export function plannedReplays(
  listed: readonly ListedObject[],
  tenants: TenantNamespaces,
  planned: ReadonlySet<string>,
): DryRun[] {
  return listed.flatMap(({ kind, type, identity, object }) => {
    const { name, namespace = "", labels, annotations, deletionTimestamp } = object.metadata;
    const tenant = tenants.get(namespace);
    if (!restricted.includes(kind) || tenant === undefined || planned.has(identity)) return [];
    if (deletionTimestamp !== undefined) return [];
    const { spec, rules } = object;
    const metadata = { name, namespace, labels, annotations };
    return [
      {
        policy: "",
        owner: { tenant, file: "none: made by hand" },
        object: {
          apiVersion: `${type.group}/${type.version}`,
          kind,
          metadata,
          ...(spec === undefined ? {} : { spec }),
          ...(rules === undefined ? {} : { rules }),
        },
      },
    ];
  });
}

/** The objects that were refused. Other answers, such as that the object exists or a quota is full, allow it. */
export function judgeReplays(runs: readonly DryRun[], answers: readonly DryRunAnswer[]): Finding[] {
  return runs.flatMap(({ object: { kind, metadata }, owner }, index) => {
    const refusal = refusalIn(answers[index]?.message ?? "");
    if (refusal === undefined) return [];
    const { name, namespace = "" } = metadata;
    const difference = `${refusal}, so ${namespace}/reconciler could not create it`;
    const fix = `find out who made it, then: kubectl --namespace ${shellWord(namespace)} delete ${kind.toLowerCase()} ${shellWord(name)}`;
    return [
      finding("object-refused", {
        object: objectText({ kind, metadata: { name, namespace } }),
        owner,
        difference,
        fix,
      }),
    ];
  });
}

function refusalIn(message: string): string | undefined {
  const [, policy] = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request/.exec(message) ?? [];
  if (policy !== undefined) return `the policy ${policy} refuses it`;
  if (message.includes("attempting to grant RBAC permissions not currently held")) {
    return "it gives rights that the tenant does not have";
  }
  return / cannot create resource /.test(message) ? "the tenant has no right to this kind" : undefined;
}
