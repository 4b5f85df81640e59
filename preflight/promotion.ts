import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { FleetError, messageOf, problemLine } from "../lib/diagnostics/problem.js";
import type { StackState } from "../lib/state/stack-state.js";
import type { Part } from "../promotion/content.js";
import { judgeUpdate, type Override, type Predecessor } from "../promotion/gate.js";
import {
  isPartOf,
  nextProof,
  nextTenantProof,
  PROOF_OUTPUT,
  type Proof,
  parseProof,
  provedBefore,
} from "../promotion/proof.js";
import { PLATFORM_REVISION } from "../promotion/ready.js";
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
}

/**
 * Compares the update with the proof of the predecessor, before the first registration. It reads the outputs of that stack
 * once; nothing for a stack without predecessor. An update of one tenant changes no other, so none of them holds it back,
 * and it proves this tenant alone.
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
  const { only } = args;
  const isApplied = (part: Part) => only === undefined || isPartOf(part, only) || !isOfTenants(part);
  const { problems, override } = judgeUpdate({
    ...{ stack, promotion, own: before, predecessor, now },
    content: content.filter(isApplied),
    removed: removedParts(content, before).filter(({ kind }) => only === undefined || kind !== "tenant"),
  });
  if (problems.length > 0 && !isPreview) throw new FleetError(problems);
  return {
    before,
    next: (applied) => {
      const proof = { before, content, now: applied, override };
      return only === undefined ? nextProof(proof) : nextTenantProof({ ...proof, tenant: only });
    },
    refusals: problems.map((problem) => `pulumi up would be refused: ${problemLine(problem)}`),
    overridden: override && describeOverride(override),
  };
}

/** Whether a part is of some tenant, and not of the whole stack. */
function isOfTenants({ kind, name }: Part): boolean {
  return kind === "tenant" || (kind === "revision" && name !== PLATFORM_REVISION);
}

async function readPredecessor(stack: string, read: ReadOutputs): Promise<Predecessor> {
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
