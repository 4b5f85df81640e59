import { shellWord } from "../../lib/process/shell-word.js";
import type { TenantNamespaces } from "../access/bindings.js";
import { anyFluxObject, notReadyReason } from "../flux-object.js";
import type { IsOfPlatform } from "./extensions.js";
import { type Finding, finding } from "./finding.js";
import type { ListedObject } from "./left-over.js";
import { objectText } from "./planned-objects.js";

/**
 * The findings about Kustomizations and HelmReleases outside of tenants' namespaces that the program does not register.
 * The platform's repository applies them: any other one applies what no review has seen, often as an administrator.
 */
export function findPlatformSyncs(
  listed: readonly ListedObject[],
  {
    tenants,
    planned,
    isOfPlatform,
  }: {
    readonly tenants: TenantNamespaces;
    readonly planned: ReadonlySet<string>;
    readonly isOfPlatform: IsOfPlatform;
  },
): Finding[] {
  return listed.flatMap((one) => {
    const { kind, identity, object } = one;
    const { namespace = "", name } = object.metadata;
    const isSync = kind === "Kustomization" || kind === "HelmRelease";
    if (!isSync || planned.has(identity) || tenants.has(namespace)) return [];
    const common = { object: objectText({ kind, metadata: object.metadata }), owner: { file: "fleet/" } };
    const flux = `flux --namespace ${shellWord(namespace)}`;
    const { suspend, serviceAccountName = "none" } = (object.spec ?? {}) as {
      readonly suspend?: boolean;
      readonly serviceAccountName?: string;
    };
    if (!isOfPlatform(one)) {
      const difference = `no sync of the platform's repository applied it; its account is ${serviceAccountName}`;
      const fix = `find out who made it, then: kubectl --namespace ${shellWord(namespace)} delete ${kind.toLowerCase()} ${shellWord(name)}`;
      return [finding("sync-foreign", { ...common, owner: { file: "none: made by hand" }, difference, fix })];
    }
    if (suspend === true) {
      const fix = `${flux} resume ${kind.toLowerCase()} ${shellWord(name)}; or suspend it in fleet/`;
      return [finding("sync-suspended", { ...common, difference: "spec.suspend is true", fix })];
    }
    const reason = notReadyReason(anyFluxObject.parse(object));
    if (reason === undefined) return [];
    const fix = `${flux} reconcile ${kind.toLowerCase()} ${shellWord(name)}`;
    return [finding("sync-not-ready", { ...common, difference: `is not Ready: ${reason}`, fix })];
  });
}
