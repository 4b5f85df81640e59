import { readStackFile } from "../../config/stack/stack-file.js";
import type { Proof } from "../../promotion/proof.js";
import { PLATFORM_REVISION } from "../../promotion/ready.js";
import { brokenByShared } from "../../promotion/shared-break.js";
import { findStacks } from "../stacks.js";
import type { SyncState } from "./stack-syncs.js";

/** Tenants of a stack that are not Ready, and what decides whether they may stay behind. */
export interface BrokenArgs {
  readonly root: string;
  readonly stack: string;
  readonly syncs: readonly SyncState[];
  /** The proof before the look. @default - none, without a record */
  readonly proved: Proof | undefined;
  /** Most tenants that may stay behind. */
  readonly most: number;
}

/**
 * Why the tenants of a stack that are not Ready may not stay behind: undefined when they may, and empty without `--leave-broken`
 * or when the platform is not Ready. A tenant stays behind only where all next stacks ask for Ready: on a stack that none follows,
 * nothing could bring it further. Many broken tenants are a sign that a shared part broke them, and so is a tenant that broke
 * with a change of one.
 */
export async function leaveBrokenRefusal({
  root,
  stack,
  syncs,
  proved,
  most,
}: BrokenArgs): Promise<string | undefined> {
  if (most === 0) return "";
  const broken = syncs.filter(({ notReady }) => notReady.length > 0).map(({ name }) => name);
  // Without any, the last look failed.
  if (broken.length === 0 || broken.includes(PLATFORM_REVISION)) return "";
  const tenants = new Set(broken.map((name) => name.split("/", 1)[0]));
  if (tenants.size > most) return `${tenants.size} tenants are not Ready, and --leave-broken is ${most}.`;
  const shared = proved && brokenByShared(proved, Object.fromEntries(broken.map((name) => [name, ""])));
  if (shared !== undefined && shared.tenants.length > 0) {
    return `${shared.tenants.join(", ")} may not stay behind: nothing of its own changed since it was Ready, and these changed: ${shared.parts.join(", ")}.`;
  }
  const next = (await findStacks(root)).filter((other) => {
    const { promotesFrom, promotionNeeds } = readStackFile(root, other).config;
    return promotesFrom === stack && promotionNeeds !== "ready";
  });
  if (next.length === 0) return undefined;
  return `${next.join(", ")} would get a tenant that is not Ready on ${stack}: set fleet:promotionNeeds to ready there.`;
}
