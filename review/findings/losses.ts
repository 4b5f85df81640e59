import { pathText } from "../../lib/kubernetes/field-path.js";
import type { ResourceChange } from "../diff/resource-changes.js";
import { type Phrase, phrase } from "../phrase.js";
import type { PlannedResource } from "../planned-resource.js";
import { fieldAt, kindOf, objectText, textAt } from "./facts.js";
import type { Finding } from "./finding.js";

/** Finds the loss that one change brings about, if any. */
type LossFinder = (change: ResourceChange) => Phrase | undefined;

/** Losses of removed resources, by the kind. */
const removals: Readonly<Record<string, (removed: PlannedResource) => Phrase | undefined>> = {
  Namespace: (one) =>
    phrase`namespace ${textAt(one, "metadata", "name")} is deleted with everything in it, volume claims included`,
  Repository: (one) =>
    one.retainOnDelete
      ? phrase`repository ${textAt(one, "name")} is archived: the next update removes its keys and rights, and the one after it archives`
      : phrase`repository ${textAt(one, "name")} is archived`,
  CustomResourceDefinition: (one) =>
    phrase`kind ${textAt(one, "metadata", "name")} is deleted with every object of it on the cluster`,
  Kustomization: (one) =>
    leavesObjects(one) ? undefined : phrase`sync ${objectText(one)} is removed, and Flux deletes what it applied`,
};

/** Whether the objects of a sync stay when it goes. By default, they go if it pruned. */
function leavesObjects(sync: PlannedResource): boolean {
  const policy = textAt(sync, "spec", "deletionPolicy") || "MirrorPrune";
  return policy === "Orphan" || (policy === "MirrorPrune" && fieldAt(sync.inputs, "spec", "prune") === false);
}

/** Losses of changed resources, by the kind. */
const changes: Readonly<Record<string, LossFinder>> = {
  PrivateKey: ({ resource }) => phrase`private key ${resource.name} is replaced by a new one`,
  Repository: ({ resource, fields }) => {
    if (fields.some(({ path, after }) => path[0] === "archived" && after === true)) {
      return phrase`repository ${textAt(resource, "name")} is archived`;
    }
    if (fields.some(({ path, before }) => path[0] === "archiveOnDestroy" && before === true)) {
      return phrase`repository ${textAt(resource, "name")} is deleted, no longer archived, by a later removal or ${"pulumi destroy"}`;
    }
    if (!fields.some(({ path, after }) => pathText(path) === "options.retainOnDelete" && after === undefined))
      return undefined;
    return phrase`repository ${textAt(resource, "name")} is archived by a later removal or ${"pulumi destroy"}`;
  },
  Kustomization: ({ resource, fields }) => {
    const moved = fields.filter(({ path }) =>
      ["spec.path", "spec.sourceRef.name", "spec.targetNamespace"].includes(pathText(path)),
    );
    if (moved.length === 0 || fieldAt(resource.inputs, "spec", "prune") !== true) return undefined;
    const names = moved.map(({ path }) => pathText(path)).join(", ");
    return phrase`sync ${objectText(resource)} has another ${names}: Flux deletes what the new place lacks`;
  },
  GitRepository: ({ resource, fields }) =>
    fields.some(({ path }) => pathText(path) === "spec.url")
      ? phrase`source ${objectText(resource)} is another repository: Flux deletes what it lacks`
      : undefined,
};

/** The losses of an update: what it deletes for good, or takes from running workloads. */
export function lossFindings(resourceChanges: readonly ResourceChange[]): Finding[] {
  const deleted = new Set(resourceChanges.flatMap(deletedNamespace));
  return resourceChanges.flatMap((change): Finding[] => {
    const { kind, resource } = change;
    const isInDeleted = deleted.has(textAt(resource, "metadata", "namespace"));
    const item =
      kind === "removed" ? removals[kindOf(resource.type)]?.(resource) : changes[kindOf(resource.type)]?.(change);
    if (kind === "added" || item === undefined || isInDeleted) return [];
    return [
      {
        effect: "loss",
        tenant: resource.tenant,
        subject: `${resource.type} ${resource.name}`,
        item,
        tell: (items) => items,
      },
    ];
  });
}

function deletedNamespace({ kind, resource }: ResourceChange): string[] {
  return kind === "removed" && kindOf(resource.type) === "Namespace" ? [textAt(resource, "metadata", "name")] : [];
}
