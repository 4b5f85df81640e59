import { isDeepStrictEqual } from "node:util";
import { declaringFiles } from "../../config/files/declaring-files.js";
import { valueAt } from "../../config/files/location.js";
import { readTenantFiles } from "../../config/files/tenant-files.js";
import { dataBelowOverlay } from "../../config/tenant/parse-tenant.js";
import { placedParts } from "../../config/tenant/parts.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { dataOfStack } from "../../config/tenant/stack-data.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { editYaml } from "../../promotion/edit-yaml.js";
import { inForce, ranFor } from "../../promotion/history.js";
import { historyIn } from "../../promotion/proof.js";
import { PLATFORM_REVISION, revisionName, sourceText } from "../../promotion/ready.js";
import { tenantRef } from "../../promotion/tenant-ref.js";
import { lengthText } from "../../promotion/words.js";
import { chooseRevision, type RevisionChoice } from "./choose-revision.js";
import type { Edits } from "./edits.js";
import { type Promotion, settingKey } from "./plan.js";

/**
 * Has the target's settings pin a commit of the platform's repository, or a tag where the predecessor follows tags.
 * @throws FleetError when the predecessor was never Ready with it
 */
export function promotePlatform(promotion: Promotion, edits: Edits, choice: RevisionChoice): void {
  const { from, to, proved } = promotion;
  const file = `Pulumi.${to.stack}.yaml`;
  const path = "fleet:platformRevision";
  const current = to.platform.commit ?? to.platform.tag;
  const revision = chooseRevision(choice, { stack: from.stack, proved, name: PLATFORM_REVISION, current, file, path });
  const ref = tenantRef(revision);
  if (ref === undefined) throw noCommit(file, path, revision, from.stack);
  // The platform's sync follows its default branch alone, so a commit needs no branch.
  const value = "tag" in ref ? { tag: ref.tag } : { commit: ref.commit };
  if (Object.values(value)[0] === current) return;
  edits.apply(file, (text) => {
    return editYaml(file, text, { path: ["config", settingKey(text, "platformRevision")], value });
  });
}

/**
 * Has the target's overlay of a tenant pin what its syncs run on the predecessor. A named revision moves the syncs that
 * have run it.
 * @param tenant known on both stacks
 * @throws FleetError when the predecessor was never Ready with it, or the overlay's layout does not allow the edit
 */
export function promoteTenant(promotion: Promotion, edits: Edits, tenant: string, choice: RevisionChoice): void {
  const syncs = placedParts("sync", promotion.to.tenants.find(({ name }) => name === tenant)?.syncs ?? []);
  const chosen = syncs.map((sync) => chosenPin(promotion, { tenant, sync, choice }));
  const failures = chosen.flatMap((one) => ("failure" in one ? [one.failure] : []));
  // A further sync may have run one revision only, and another repository has other commits.
  const most = choice.kind === "newest" ? 0 : syncs.length - 1;
  const [failure] = failures;
  if (failure !== undefined && failures.length > most) throw failure;
  for (const one of chosen) if ("pin" in one) pinSync(promotion, edits, { tenant, ...one });
}

type PlacedSync = ReturnType<typeof placedParts<TenantSpec["syncs"][number]>>[number];

interface SyncPromotion {
  readonly tenant: string;
  readonly sync: PlacedSync;
}

/** The reference for a sync, or why there is none. */
type ChosenPin =
  | { readonly sync: PlacedSync; readonly pin: Readonly<Record<string, string>> }
  | { readonly failure: FleetError };

function chosenPin(
  { from, to, proved }: Promotion,
  { tenant, sync, choice }: SyncPromotion & { readonly choice: RevisionChoice },
): ChosenPin {
  const file = `stacks/${to.stack}/tenants/${tenant}.yaml`;
  const path = [...sync.place, "ref"].join(".");
  const args = { stack: from.stack, proved, name: revisionName(tenant, sync.name), file, path };
  try {
    const revision = chooseRevision(choice, { ...args, current: sync.ref.commit ?? sync.ref.tag });
    const source = from.tenants.find(({ name }) => name === tenant);
    const followed = source?.syncs.find(({ name }) => name === sync.name)?.ref.branch;
    const ref = tenantRef(revision);
    if (ref === undefined) throw noCommit(file, path, revision, from.stack);
    if ("tag" in ref) return { sync, pin: { ...ref } };
    // Flux looks for the commit on one branch: by default, on the default branch. The predecessor may follow another by now.
    const { commit, branch = followed } = ref;
    const { repositories } = to.tenants.find(({ name }) => name === tenant) ?? { repositories: [] };
    const usual = repositories.find(({ name }) => name === sync.repository)?.defaultBranch;
    const isUsual = branch === undefined || (branch === usual && followed === undefined);
    return { sync, pin: isUsual ? { commit } : { commit, branch } };
  } catch (error) {
    if (error instanceof FleetError) return { failure: error };
    throw error;
  }
}

function pinSync(
  { root, to }: Promotion,
  edits: Edits,
  { tenant, sync, pin }: SyncPromotion & { readonly pin: Readonly<Record<string, string>> },
): void {
  const file = `stacks/${to.stack}/tenants/${tenant}.yaml`;
  const path = [...sync.place, "ref"];
  if (isDeepStrictEqual(pin, { ...sync.ref })) return;
  const files = declaringFiles(readTenantFiles(root, to.stack), tenant);
  const below = files && valueAt(dataBelowOverlay(files), path);
  // The fields of the other files would be merged into the overlay's.
  const others = Object.keys(isPlainObject(below) ? below : {}).filter((field) => !Object.hasOwn(pin, field));
  const value = { ...pin, ...Object.fromEntries(others.map((field) => [field, null])) };
  edits.apply(file, (text) => editYaml(file, text, { path, value }));
}

/** Whether the target leaves it to this command which revision of a tenant it runs: no sync follows a branch on purpose. */
export function isPromoted({ root, to }: Promotion, { name, syncs }: TenantSpec): boolean {
  const files = declaringFiles(readTenantFiles(root, to.stack), name);
  const ofStack = files === undefined ? {} : dataOfStack(files);
  return placedParts("sync", syncs).every(({ ref, place }) => {
    const written = ["branch", "semver"].map((field) => valueAt(ofStack, [...place, "ref", field]));
    return ref.commit !== undefined || ref.tag !== undefined || !written.some((value) => typeof value === "string");
  });
}

/**
 * Why a source stays behind although it is Ready on the predecessor: its newest revision is younger than the soak.
 * @param names of the sources in the record
 */
export function soakReason({ to, proved }: Promotion, names: readonly string[], now: number): string | undefined {
  const soak = durationMilliseconds(to.promotion.soak) ?? 0;
  for (const name of names) {
    const history = historyIn(proved.ready?.revisions ?? {}, name);
    const current = inForce(history);
    const ran = current === undefined ? undefined : ranFor(history, current.value, now);
    if (ran === undefined || ran >= soak) continue;
    return `${sourceText(name)} is Ready for ${lengthText(ran)}, and fleet:soak is ${to.promotion.soak}`;
  }
  return undefined;
}

/** The names of a tenant's sources in the record. */
export function sourcesOf({ name, syncs }: TenantSpec): readonly string[] {
  return syncs.map((sync) => revisionName(name, sync.name));
}

function noCommit(file: string, path: string, revision: string, stack: string) {
  const message = `the stack ${stack} runs the revision ${JSON.stringify(revision)}, which names no commit`;
  return fleetError(file, path, message, "Wait until Flux has applied a commit");
}
