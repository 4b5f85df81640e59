import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError, messageOf, type Problem, problemLine } from "../lib/diagnostics/problem.js";
import type { StackState } from "../lib/state/stack-state.js";
import type { Part } from "../promotion/content.js";
import { type GateArgs, judgeUpdate, type Override, type Predecessor } from "../promotion/gate.js";
import { type HeldTenant, heldBack, withoutTenants } from "../promotion/held-back.js";
import { tenantOfPart } from "../promotion/part-tenant.js";
import { nextProof, nextTenantProof, PROOF_OUTPUT, type Proof, parseProof, provedBefore } from "../promotion/proof.js";
import { removedParts } from "../promotion/removals.js";
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
  const { content, isPreview } = args;
  const now = args.now();
  const [before, predecessor] = await Promise.all([
    args.state().then(provedBefore),
    promotion.from === undefined ? undefined : readPredecessor(promotion.from, args.outputs),
  ]);
  const { only, leftOut = [] } = args;
  const isApplied = (part: Part) => only === undefined || [only, undefined].includes(tenantOfPart(part));
  const whole = {
    ...{ stack, promotion, own: before, predecessor, now },
    content: content.filter(isApplied),
    removed: removedParts(content, before).filter(({ kind }) => only === undefined || kind !== "tenant"),
  };
  const { problems, override } = judgeUpdate({ ...whole, content: withoutTenants(whole.content, leftOut, before) });
  const way = only === undefined && leftOut.length === 0 ? wayAround(whole) : [];
  if (problems.length > 0 && !isPreview) throw new FleetError([...problems, ...way]);
  return {
    before,
    next: (applied) => {
      const proof = { before, content, now: applied, override, leftOut };
      return only === undefined ? nextProof(proof) : nextTenantProof({ ...proof, tenant: only });
    },
    refusals: [
      ...problems.map((problem) => `pulumi up would be refused: ${problemLine(problem)}`),
      ...way.map(problemLine),
    ],
    overridden: override && describeOverride(override),
    behind: describeBehind(leftOut, leftOut.length === 0 ? [] : heldBack(whole)),
  };
}

/** The command that updates all but the tenants that are held back, if they alone hold back the update. */
function wayAround(args: GateArgs): readonly Problem[] {
  const tenants = heldBack(args).map(({ tenant }) => tenant);
  if (tenants.length === 0) return [];
  if (judgeUpdate({ ...args, content: withoutTenants(args.content, tenants, args.own) }).problems.length > 0) return [];
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
