import type { Problem } from "../lib/diagnostics/problem.js";
import type { Part } from "./content.js";
import { contentProblems, type GateArgs, judgeUpdate } from "./gate.js";
import { tenantOfPart, withoutOverlays } from "./part-tenant.js";
import type { Proof } from "./proof.js";

/** A tenant that may not be promoted yet, with each reason. */
export interface HeldTenant {
  readonly tenant: string;
  /** At least one. */
  readonly problems: readonly Problem[];
}

/**
 * The tenants that hold back an update by what they alone would apply: a base file, a group, a value or a pin. None while
 * an override lets the update pass.
 */
export function heldBack(args: GateArgs): readonly HeldTenant[] {
  if (judgeUpdate(args).problems.length === 0) return [];
  const held = new Map<string, readonly Problem[]>();
  for (const { part, problems } of contentProblems(args)) {
    const tenant = tenantOfPart(part);
    if (tenant !== undefined && problems.length > 0) held.set(tenant, [...(held.get(tenant) ?? []), ...problems]);
  }
  return [...held].map(([tenant, problems]) => ({ tenant, problems }));
}

/**
 * The parts of an update that leaves tenants as they are. The settings in force lack the overlays of tenants that the last
 * update left out. So those overlays do not count, as long as this one leaves out all of these tenants again.
 * @param own the proof of the stack itself
 */
export function withoutTenants(
  content: readonly Part[],
  tenants: readonly string[],
  own: Proof | undefined,
): readonly Part[] {
  const former = Object.keys(own?.leftOut ?? {});
  const lacking = former.every((name) => tenants.includes(name)) ? former : tenants;
  return content
    .filter((part) => !tenants.includes(tenantOfPart(part) ?? ""))
    .map((part) => withoutOverlays(part, lacking));
}
