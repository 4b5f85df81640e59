/**
 * Records the stacks of one revision, in a process of its own: `node --import tsx/esm cli/diff/record.ts`, with a
 * RecordRequest on its standard input. The folder of this file decides which revision it is.
 */
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { hardenedFlux } from "../../flux/hardened-objects.js";
import { problemsOf } from "../../lib/diagnostics/collect-problems.js";
import { problemLine } from "../../lib/diagnostics/problem.js";
import { recordStack } from "../../review/record/record-stack.js";
import { checkout } from "../checkout.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";
import { RECORD_FORMAT, type RecordedRevision, type RecordedStack, type RecordRequest } from "./recorded-revision.js";

async function recordRevision(request: RecordRequest): Promise<RecordedRevision> {
  const stacks = await findStacks(checkout);
  const wanted = stacks.filter((stack) => request.stacks?.includes(stack) ?? true);
  const recorded: RecordedStack[] = [];
  // One after the other: Pulumi has one engine in a process.
  for (const stack of wanted) recorded.push(await recordOne(stack, request));
  return { format: RECORD_FORMAT, stacks, recorded };
}

async function recordOne(stack: string, request: RecordRequest): Promise<RecordedStack> {
  const { secretKey } = request;
  const { spec, problems, uncheckedKeys, config } = await loadStack(checkout, stack, (ciphertext) => {
    // Another ciphertext shows as another secret. The key goes when the command ends.
    const mark = createHmac("sha256", secretKey).update(ciphertext).digest("hex").slice(0, 22);
    return `https://encrypted.example.com/${mark}`;
  });
  if (problems.length > 0) return { stack, problems: problems.map(problemLine) };
  if (spec === undefined) {
    return {
      stack,
      problems: [`Pulumi.${stack}.yaml: encrypted settings hide what is needed: ${uncheckedKeys.join(", ")}.`],
    };
  }
  try {
    const fluxObjects = request.withoutFlux ? undefined : await fluxOf(spec, request);
    return { stack, plan: await recordStack({ root: checkout, spec, config, fluxObjects, secretKey }) };
  } catch (error) {
    return { stack, problems: problemsOf(error).map(problemLine) };
  }
}

function fluxOf(spec: FleetSpec, { manifests }: RecordRequest) {
  return hardenedFlux(checkout, spec, manifests);
}

const request = JSON.parse(await text(process.stdin)) as RecordRequest;
writeFileSync(request.out, JSON.stringify(await recordRevision(request)));
