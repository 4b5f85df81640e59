import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError, messageOf, type Problem, problemLine } from "../lib/diagnostics/problem.js";
import { lastUpdate } from "../lib/state/last-update.js";
import type { StackState } from "../lib/state/stack-state.js";
import type { Part } from "../promotion/content.js";
import { type GateArgs, judgeUpdate, type Override, type Predecessor } from "../promotion/gate.js";
import { type HeldTenant, heldBack, withoutTenants } from "../promotion/held-back.js";
import { tenantOfPart } from "../promotion/part-tenant.js";
import {
  changedParts,
  nextProof,
  nextTenantProof,
  PROOF_OUTPUT,
  type Proof,
  parseProof,
  provedBefore,
} from "../promotion/proof.js";
import { removedParts } from "../promotion/removals.js";
import { alteredTenants } from "./altered-tenants.js";
import type { ReadOutputs } from "./owner-stack.js";

/** The sources of the gate. */
export interface PromotionArgs {
  /** The parts that the update would apply. */
  readonly content: readonly Part[];
  /** Reads the stack's state from before the update. */
  readonly state: () => Promise<StackState>;
  /** Reads the outputs of the predecessor. */
  readonly outputs: ReadOutputs;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Whether the run is a preview, which refuses nothing. */
  readonly isPreview: boolean;
  /** Tenant that the update is limited to. @default - the whole stack is updated */
  readonly only?: string | undefined;
  /** Tenants that the update leaves as they are. @default - none */
  readonly leftOut?: readonly string[] | undefined;
  /** The stack without those of these tenants that it has never had. @default - the whole stack */
  readonly registered?: FleetSpec | undefined;
}

/** The proofs of a stack, and sentences about promotion. */
export interface PromotionResult {
  readonly before: Proof | undefined;
  /**
   * The proof to keep at a time, if the update has applied everything by then. Undefined for the tenant of a stack that has
   * none.
   */
  readonly next: (now: number) => Proof | undefined;
  /** Sentences about the update that follows a preview, which would be refused. */
  readonly refusals: readonly string[];
  /** The override in use, as a sentence. @default - none is in use */
  readonly overridden?: string | undefined;
  /** Sentences about the tenants that the update leaves as they are, each with the reason. */
  readonly behind: readonly string[];
}

/**
 * Compares the update with the proof of the predecessor, before the first registration. It reads the outputs of that stack
 * once; nothing for a stack without predecessor. An update of one tenant changes no other, so none of them holds it back,
 * and it proves this tenant alone. Tenants that the update leaves as they are do not hold it back either.
 * @throws FleetError with every refusal, unless the run is a preview
 */
export async function checkPromotion(spec: FleetSpec, args: PromotionArgs): Promise<PromotionResult> {
  const { stack, promotion } = spec;
  const { content, only, leftOut = [], isPreview } = args;
  const now = args.now();
  const [state, predecessor] = await Promise.all([
    args.state(),
    promotion.from === undefined ? undefined : readPredecessor(promotion.from, args.outputs),
  ]);
  const before = provedBefore(state);
  const last = lastUpdate(state);
  const altered = last === undefined ? [] : alteredTenants(args.registered ?? spec, last);
  const whole = {
    ...{ stack, promotion, own: before, predecessor, now },
    content: content.filter((part) => only === undefined || isJudged(part, only)),
    removed: removedParts(content, before).filter(
      ({ kind, name }) => kind !== "tenant" || [name, undefined].includes(only),
    ),
    altered: altered.filter((name) => (only === undefined ? !leftOut.includes(name) : name === only)),
  };
  const verdict = judgeUpdate({ ...whole, content: withoutTenants(whole.content, leftOut, before) });
  const { override } = verdict;
  const problems = [...verdict.problems, ...otherProgram(content, before, only)];
  const way = only === undefined && leftOut.length === 0 ? wayAround(whole) : [];
  if (problems.length > 0 && !isPreview) throw new FleetError([...problems, ...way]);
  return {
    before,
    next: (applied) => {
      const proof = { before, content, now: applied, override, leftOut };
      if (only === undefined) return nextProof(proof);
      const others = altered.filter((name) => name !== only && !Object.hasOwn(before?.leftOut ?? {}, name));
      return nextTenantProof({ ...proof, tenant: only, isRestApplied: last !== undefined && others.length === 0 });
    },
    refusals: [
      ...problems.map((problem) => `pulumi up would be refused: ${problemLine(problem)}`),
      ...way.map(problemLine),
    ],
    overridden: override && describeOverride(override),
    behind: describeBehind(leftOut, leftOut.length === 0 ? [] : heldBack(whole)),
  };
}

/**
 * Whether a part decides on an update of one tenant. The settings of the stack have the overlays of all tenants, so the digest
 * of this tenant says whether it gets others.
 */
function isJudged(part: Part, only: string): boolean {
  const tenant = tenantOfPart(part);
  return tenant === only || (tenant === undefined && part.kind !== "settings" && part.kind !== "elsewhere");
}

/**
 * The problem of an update of one tenant by another program than the stack runs. The proof has one program for all tenants,
 * and no override makes it true.
 */
function otherProgram(content: readonly Part[], before: Proof | undefined, only: string | undefined): Problem[] {
  if (only === undefined || before === undefined) return [];
  if (!changedParts(content, before).some(({ kind }) => kind === "program")) return [];
  const message =
    "the program is another one than in the last update of the whole stack, and would reach this tenant alone";
  const fix =
    "Run pulumi up, which updates the whole stack. Where that must not happen now, change the files of this tenant in a checkout of the commit that the stack ran last, and run the command there (docs/day-two/tenant-changes.md#another-program)";
  return [{ file: "fleet up", path: `--tenant ${only}`, message, fix }];
}

/** The command that updates all but the tenants that are held back, if they alone hold back the update. */
function wayAround(args: GateArgs): readonly Problem[] {
  const tenants = heldBack(args).map(({ tenant }) => tenant);
  if (tenants.length === 0) return [];
  const altered = args.altered?.filter((name) => !tenants.includes(name));
  const others = { ...args, altered, content: withoutTenants(args.content, tenants, args.own) };
  if (judgeUpdate(others).problems.length > 0) return [];
  const path = `${args.stack} --leave-blocked`;
  const message = `updates everything else, and leaves ${tenants.join(", ")} as it is`;
  return [{ file: "npx fleet up", path, message }];
}

function describeBehind(leftOut: readonly string[], held: readonly HeldTenant[]): string[] {
  return leftOut.map((name) => {
    const reasons = held.find(({ tenant }) => tenant === name)?.problems.map(problemLine);
    return `the tenant ${name} stays as it is: ${reasons?.join(" ") ?? "it was held back when the command began, and no longer is. Run the command again."}`;
  });
}

/** The predecessor of a stack, with its proof, or the reason why it could not be read. */
export async function readPredecessor(stack: string, read: ReadOutputs): Promise<Predecessor> {
  try {
    const outputs = z.record(z.string(), z.unknown()).parse(await read(stack));
    return { stack, proved: parseProof(outputs[PROOF_OUTPUT]) };
  } catch (error) {
    const [reason = ""] = messageOf(error).split("\n", 1);
    return { stack, reason };
  }
}

function describeOverride({ reason, until, passed }: Override): string {
  return `fleet:promotionOverride lets this update pass until ${until} (${reason}), although ${passed.join("; and ")}`;
}
