import { shellWord } from "../../lib/process/shell-word.js";
import type { TenantNamespaces } from "../access/bindings.js";
import { type Finding, finding } from "./finding.js";
import type { ListedObject } from "./left-over.js";
import { objectText } from "./planned-objects.js";

/** Kinds of admission beside the fleet's policies, by which others see or change requests to the API server. */
export const extensionKinds = [
  "MutatingWebhookConfiguration",
  "ValidatingWebhookConfiguration",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
] as const;

const syncKinds = ["Kustomization", "HelmRelease"];

/** Says whether the platform's repository applies an object. */
export type IsOfPlatform = (one: ListedObject) => boolean;

/**
 * The objects that the platform's repository applies: those in the inventories of the planned syncs, of the Kustomizations
 * in these, and so on, and the objects of their charts. Labels alone would prove nothing.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#inventory
 */
export function platformsObjects(
  listed: readonly ListedObject[],
  planned: ReadonlySet<string>,
  tenants: TenantNamespaces,
): IsOfPlatform {
  const syncs = listed.filter(({ kind, object: { metadata } }) => {
    return syncKinds.includes(kind) && !tenants.has(metadata.namespace ?? "");
  });
  const ids = new Set<string>();
  const isOwn = (one: ListedObject) => planned.has(one.identity) || ids.has(inventoryId(one));
  for (let size = -1; size !== ids.size; ) {
    size = ids.size;
    for (const sync of syncs.filter(isOwn)) for (const id of inventoryOf(sync)) ids.add(id);
  }
  const charts = new Set(
    syncs
      .filter(({ kind }) => kind === "HelmRelease")
      .filter(isOwn)
      .map(({ object: { metadata } }) => {
        return `${metadata.namespace}/${metadata.name}`;
      }),
  );
  return (one) => isOwn(one) || charts.has(chartOf(one));
}

/** The chart that has an object, as helm-controller labels it. */
function chartOf({ object: { metadata } }: ListedObject): string {
  const { labels } = metadata;
  return `${labels["helm.toolkit.fluxcd.io/namespace"]}/${labels["helm.toolkit.fluxcd.io/name"]}`;
}

function inventoryId({ type, object: { metadata } }: ListedObject): string {
  const group = type.group === "core" ? "" : type.group;
  return `${metadata.namespace ?? ""}_${metadata.name}_${group}_${type.kind}`;
}

function inventoryOf({ object }: ListedObject): string[] {
  const { inventory } = (object.status ?? {}) as {
    readonly inventory?: { readonly entries?: readonly { readonly id: string }[] };
  };
  return (inventory?.entries ?? []).map(({ id }) => id);
}

/** The webhooks, mutating policies and further API servers that neither the program nor the platform's repository has. */
export function findForeignExtensions(
  listed: readonly ListedObject[],
  planned: ReadonlySet<string>,
  isOfPlatform: IsOfPlatform,
): Finding[] {
  return listed.flatMap((one) => {
    const { kind, identity, object } = one;
    if (!isExtension(one) || planned.has(identity) || isOfPlatform(one)) return [];
    const name = objectText({ kind, metadata: object.metadata });
    return [
      finding("extension-foreign", {
        object: name,
        owner: { file: "none: made by hand" },
        difference: "no sync of the platform's repository applied it",
        fix: `kubectl delete ${kind.toLowerCase()} ${shellWord(object.metadata.name)}; or apply it from the platform's repository; or accept it: --accept ${shellWord(name)}`,
      }),
    ];
  });
}

/** Kubernetes' own API has a service of the API server itself. */
function isExtension({ kind, object }: ListedObject): boolean {
  if (kind !== "APIService") return (extensionKinds as readonly string[]).includes(kind);
  return Boolean((object.spec as { readonly service?: object } | undefined)?.service);
}
