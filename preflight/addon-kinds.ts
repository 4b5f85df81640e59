import { z } from "zod";
import type { Addon, AddonKind } from "../config/addons/addon.js";
import { PLATFORM_SOURCE } from "../config/names.js";
import { groupBy } from "../lib/data/group-by.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { groupPath } from "../lib/kubernetes/api-paths.js";
import { liveIdentity } from "../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE } from "../lib/kubernetes/ownership-labels.js";
import { objectIdentity, type StackState } from "../lib/state/stack-state.js";
import { ask, type Connection, inOrder } from "./cluster-requests.js";

/** A kind of an add-on that tenants could not use on the cluster. */
export interface MissingKind extends Pick<AddonKind, "group" | "version" | "plural"> {
  /** Name of the add-on. */
  readonly addon: string;
  readonly why: "absent" | "cluster-scoped";
}

/** The kinds of a version, which every account may ask for. */
const served = z.object({ resources: z.array(z.object({ name: z.string(), namespaced: z.boolean() })) });

const platformSync = liveIdentity(
  { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" },
  { name: PLATFORM_SOURCE, namespace: FLUX_NAMESPACE },
);

/**
 * The kinds of the offered add-ons that the cluster does not have. The first update installs the infrastructure, and so
 * the kinds: as long as the state has no platform sync, nothing is missing. One request for each group and version.
 */
export async function findMissingKinds(
  addons: readonly Addon[],
  state: StackState,
  connection: Connection,
): Promise<MissingKind[]> {
  const hasPlatform = Object.values(state).some(
    ({ type, outputs }) => objectIdentity(type, outputs.metadata) === platformSync,
  );
  if (!hasPlatform) return [];
  const kinds = addons.flatMap(({ name, kinds }) => kinds.map((kind) => ({ ...kind, addon: name })));
  const versions = [...groupBy(kinds, ({ group, version }) => `${group}/${version}`).values()];
  const answers = await inOrder(versions, async (ofVersion) => {
    const [kind] = ofVersion;
    if (kind === undefined) return [];
    const answer = await ask(connection, { kind, path: groupPath(kind), form: served });
    const found = new Map((answer?.resources ?? []).map(({ name, namespaced }) => [name, namespaced]));
    return ofVersion.flatMap(({ addon, group, version, plural }): MissingKind[] => {
      const namespaced = found.get(plural);
      if (namespaced === true) return [];
      return [{ addon, group, version, plural, why: namespaced === undefined ? "absent" : "cluster-scoped" }];
    });
  });
  return answers.flat();
}

/** The problems of add-ons whose kinds tenants could not use. */
export function missingKindProblems({ stack }: { readonly stack: string }, missing: readonly MissingKind[]): Problem[] {
  return missing.map(({ addon, group, version, plural, why }) => {
    const file = `Pulumi.${stack}.yaml`;
    const definition = `${plural}.${group}`;
    const shared = { file, path: `fleet:addons.${addon}` };
    if (why === "cluster-scoped") {
      const message = `offers ${definition}, whose objects have no namespace, so no tenant can have its own`;
      return { ...shared, message, fix: "Remove the kind, or offer one whose objects have a namespace" };
    }
    const message = `the cluster of ${stack} does not serve ${definition} in the version ${version}, so tenants could not use the add-on`;
    const fix = `Have fleet/infrastructure install ${addon}, wait until Flux has applied it, or take the add-on out`;
    return { ...shared, message, fix };
  });
}
