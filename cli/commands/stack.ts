import type { Command } from "commander";
import { type ReadStackOutputs, readStackOutputs } from "../stack-outputs.js";
import { findStacks } from "../stacks.js";
import type { Streams } from "../streams.js";
import { addNewStackCommand } from "./new-stack.js";

/** Adds `stack list` and `stack new`. @param read reads the outputs of a stack @param now the time, in milliseconds since 1970 */
export function addStackCommands(
  program: Command,
  streams: Streams,
  root: string,
  read: ReadStackOutputs = readStackOutputs,
  now: () => number = Date.now,
): void {
  const stack = program.command("stack").description("the stacks of this checkout");
  stack
    .command("list")
    .summary("print the chain of stacks, and what each runs")
    .description(
      "print the stacks in the order of promotion, with the parts that each has run without a failure, since when, and which parts of its predecessor can follow; reads the outputs of the stacks by pulumi, and needs no cluster and no GitHub",
    )
    .action(async () => {
      // Imported here, because the other commands need neither these parsers nor these schemas.
      const [{ readStackFile }, { parseProof, PROOF_OUTPUT }, { stackList }] = await Promise.all([
        import("../../config/stack/stack-file.js"),
        import("../../promotion/proof.js"),
        import("../../promotion/overview.js"),
      ]);
      const stacks = (await findStacks(root)).map(async (name) => {
        const { promotesFrom = "", soak = "0s" } = readStackFile(root, name).config;
        const found = await read(root, name);
        const own = { stack: name, soak, from: promotesFrom === "" ? undefined : promotesFrom };
        if ("reason" in found) return { ...own, reason: found.reason };
        const outputs = Object(found.outputs) as Readonly<Record<string, unknown>>;
        return { ...own, proved: parseProof(outputs[PROOF_OUTPUT]) };
      });
      const listed = await Promise.all(stacks);
      streams.out(listed.length === 0 ? "This checkout has no stack.\n" : stackList(listed, now()));
    });
  addNewStackCommand(stack, streams, root);
}
