import { createHmac } from "node:crypto";
import { hardenedFlux, type LoadManifest, loadOnce } from "../../flux/hardened-objects.js";
import { problemsOf } from "../../lib/diagnostics/collect-problems.js";
import { problemLine } from "../../lib/diagnostics/problem.js";
import { recordStack } from "../../review/record/record-stack.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";
import { RECORD_FORMAT, type RecordedRevision, type RecordedStack, type RecordRequest } from "./recorded-revision.js";

/**
 * Records the stacks of a revision. The recorder's process calls it in the program of that revision, whatever the revision
 * of the command is.
 * @param root folder of the revision
 */
export async function recordRevision(root: string, request: RecordRequest): Promise<RecordedRevision> {
  const stacks = await findStacks(root);
  const wanted = stacks.filter((stack) => request.stacks?.includes(stack) ?? true);
  const recorded: RecordedStack[] = [];
  const load = loadOnce();
  // One after the other: Pulumi has one engine in a process.
  for (const stack of wanted) recorded.push(await recordOne(root, stack, request, load));
  return { format: RECORD_FORMAT, stacks, recorded };
}

async function recordOne(
  root: string,
  stack: string,
  request: RecordRequest,
  load: LoadManifest,
): Promise<RecordedStack> {
  const { secretKey, gitHub } = request;
  const { spec, problems, uncheckedKeys, config } = await loadStack(root, stack, (ciphertext) => {
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
    const fluxObjects = request.withoutFlux ? undefined : await hardenedFlux(root, spec, request.manifests, load);
    return { stack, plan: await recordStack({ root, spec, config, fluxObjects, secretKey, gitHub }) };
  } catch (error) {
    return { stack, problems: problemsOf(error).map(problemLine) };
  }
}
