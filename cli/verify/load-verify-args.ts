import { FleetError, fleetError } from "../../lib/diagnostics/problem.js";
import type { OtherStack } from "../../operate/verify/github.js";
import { loadStack } from "../load-stack.js";
import { findStacks } from "../stacks.js";
import type { VerifyArgs } from "./verify-stack.js";

/** The arguments of a verification that do not come from the files of the stack. */
export type VerifyChoices = Omit<VerifyArgs, "spec" | "others">;

/** The arguments of a verification, with the files of the stack. @throws FleetError with the problems of these files */
export async function loadVerifyArgs(choices: VerifyChoices): Promise<VerifyArgs> {
  const { root, stack } = choices;
  const { spec, problems, uncheckedKeys } = await loadStack(root, stack);
  if (problems.length > 0) throw new FleetError(problems);
  if (spec === undefined) {
    const message = `is encrypted, so the plan of the stack is unknown: ${uncheckedKeys.join(", ")}`;
    throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
  }
  return { ...choices, spec, others: await otherStacks(root, stack) };
}

/** The other stacks of the checkout. Their settings may be encrypted or faulty: their names and addresses are enough. */
async function otherStacks(root: string, stack: string): Promise<OtherStack[]> {
  const [{ readTenantFiles }, { readStackFile }] = await Promise.all([
    import("../../config/files/tenant-files.js"),
    import("../../config/stack/stack-file.js"),
  ]);
  const others = (await findStacks(root)).filter((one) => one !== stack);
  return others.map((one) => {
    const tenants = [...readTenantFiles(root, one).overlays.keys()];
    return { stack: one, tenants, webhookUrl: readStackFile(root, one).config.webhookUrl };
  });
}
