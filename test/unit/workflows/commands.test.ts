import assert from "node:assert/strict";
import type { Command } from "commander";
import { fleetProgram } from "../../../cli/fleet.js";
import { MOST_WAVES, stepOutputs } from "../../../cli/workflow/waves.js";
import { supportedLines } from "../../node-versions/versions.js";
import { readJson, root } from "../../support/unit/fleet.js";
import { readWorkflows, type Step } from "../../support/unit/workflows.js";

const { scripts, dependencies } = readJson("package.json") as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
};
const files = new Map(readWorkflows(root).map((file) => [file.name, file]));
const steps = [...files].flatMap(([name, { workflow }]) =>
  Object.entries(workflow.jobs).flatMap(([id, job]) => job.steps.map((step) => ({ place: `${name} ${id}`, step }))),
);

/** The words of a step's command, with values in the place of variables, and without the file of its output. */
function wordsOf({ run = "" }: Step): string[] {
  const [command = ""] = run.split(/ >>? /);
  return command.replaceAll(/"([^"]*)\$[A-Z_]+"/g, "$1value").split(" ");
}

/** Parses a command line of `fleet` without running it. @throws CommanderError for one that the program refuses */
async function parseFleet(args: readonly string[]): Promise<void> {
  const errors: string[] = [];
  const streams = { out: () => undefined, err: (text: string) => void errors.push(text) };
  const program = fleetProgram(streams, root);
  withoutActions(program);
  await program.parseAsync(args, { from: "user" }).catch((error: unknown) => {
    throw new Error(`${args.join(" ")}: ${errors.join("")}`, { cause: error });
  });
}

function withoutActions(command: Command): void {
  for (const child of command.commands) {
    withoutActions(child);
    if (child.commands.length === 0) child.action(() => undefined);
  }
}

/** The chains among the outputs of a step. */
function chainsOf(outputs: string): readonly Readonly<Record<string, string>>[] {
  const [, text = assert.fail()] = /^chains=(.*)$/m.exec(outputs) ?? [];
  return JSON.parse(text) as readonly Readonly<Record<string, string>>[];
}

describe("the commands of the workflows", () => {
  it("are commands of npm, of this program, and one of Pulumi", async () => {
    const commands = steps.filter(({ step }) => step.run !== undefined);
    assert.ok(commands.length > 20);
    for (const { place, step } of commands) {
      const [program, first = "", second = "", ...rest] = wordsOf(step);
      if (program === "npm" && first === "run") assert.ok(second in scripts, `${place}: npm run ${second}`);
      else if (program === "npx" && first === "fleet") await parseFleet([second, ...rest]);
      else
        assert.match(
          step.run ?? "",
          /^(?:npm ci|pulumi up --stack "\$STACK" --yes --skip-preview --non-interactive)$/,
          place,
        );
    }
  });

  it("are refused by the program when they have another name, option or number of arguments", async () => {
    for (const line of ["diffs", "diff --bas x", "wait", "workflow stacks staging", "workflow comments file"]) {
      await assert.rejects(parseFleet(line.split(" ")), line);
    }
  });

  it("read no variable that their step does not have", () => {
    const always = ["GITHUB_OUTPUT"];
    for (const { place, step } of steps) {
      const read = [...(step.run ?? "").matchAll(/\$([A-Z_]+)/g)].map(([, name = ""]) => name);
      const known = [...always, ...Object.keys(step.env ?? {})];
      assert.deepEqual(
        read.filter((name) => !known.includes(name)),
        [],
        `${place}: ${step.run}`,
      );
    }
  });

  it("of an update are: the order, the credentials, up, and then wait", () => {
    const { jobs } = files.get("deploy-chain.yml")?.workflow ?? assert.fail();
    const waves = Object.entries(jobs).filter(([id]) => id.startsWith("wave-"));
    assert.equal(waves.length, MOST_WAVES);
    for (const [index, [id, job]] of waves.entries()) {
      const commands = job.steps.flatMap((step) => (step.run === undefined ? [] : [wordsOf(step).join(" ")]));
      assert.deepEqual(commands, [
        "npm ci",
        "npx fleet workflow newest value",
        "npx fleet workflow kubeconfig value",
        "npx fleet up value --leave-blocked --yes --skip-preview",
        "npx fleet wait value --timeout 30m --leave-broken 1",
      ]);
      assert.equal(id, `wave-${index + 1}`);
      const list = `needs.next-${index + 1}.outputs.stacks`;
      const stacks = index === 0 ? [`\${{ inputs.stack }}`] : `\${{ fromJSON(${list}) }}`;
      assert.deepEqual(job.strategy?.matrix?.stack, stacks);
      if (index > 0) assert.ok(job.if?.endsWith(`${list} != '[]' }}`), job.if);
      assert.deepEqual(job.environment, { name: `\${{ matrix.stack }}` });
    }
  });

  it("update a stack after its own predecessor alone: a failure of another one skips no job", () => {
    const { jobs } = files.get("deploy-chain.yml")?.workflow ?? assert.fail();
    for (let wave = 2; wave <= MOST_WAVES; wave += 1) {
      const [next, update] = [jobs[`next-${wave}`] ?? assert.fail(), jobs[`wave-${wave}`] ?? assert.fail()];
      assert.equal(next.needs, `wave-${wave - 1}`);
      const last = next.steps.at(-1);
      assert.equal(last?.run, `npx fleet workflow wave ${wave} --chain "$CHAIN" >> "$GITHUB_OUTPUT"`);
      assert.equal(last.env?.CHAIN, `\${{ inputs.stack }}`);
      assert.equal(update.needs, `next-${wave}`);
      // Without !cancelled(), a failure anywhere before skips the job.
      assert.equal(next.if, `\${{ !cancelled() && inputs.wave-${wave} != '[]' }}`);
      assert.match(update.if ?? "", /^\$\{\{ !cancelled\(\) && needs\.[\w-]+\.result == 'success' && /);
    }
  });

  it("update each chain by a call of its own, so that an approval that waits holds back no other chain", () => {
    const { jobs } = files.get("deploy.yml")?.workflow ?? assert.fail();
    assert.deepEqual(Object.keys(jobs), ["stacks", "chain"]);
    const { chain = assert.fail() } = jobs;
    assert.equal(chain.uses, "./.github/workflows/deploy-chain.yml");
    assert.equal(chain.strategy?.matrix?.chain, `\${{ fromJSON(needs.stacks.outputs.chains) }}`);
    // A group of a calling job would hold back all chains, or cancel one of them.
    assert.equal(chain.concurrency, undefined);
    const { workflow_call: called } = files.get("deploy-chain.yml")?.workflow.on ?? assert.fail();
    const { inputs } = called as { readonly inputs: Readonly<Record<string, { readonly required: boolean }>> };
    const fields = chainsOf(stepOutputs({ waves: [["staging"]], pairs: [] })).flatMap((fields) => Object.keys(fields));
    assert.deepEqual(Object.keys(inputs), fields);
    assert.ok(Object.values(inputs).every(({ required }) => required));
    assert.deepEqual(chain.with, Object.fromEntries(fields.map((field) => [field, `\${{ matrix.chain.${field} }}`])));
  });

  it("hand on only outputs that exist", () => {
    const names = stepOutputs({ waves: [], pairs: [] })
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")[0]);
    for (const [name, { workflow }] of files) {
      for (const { outputs = {} } of Object.values(workflow.jobs)) {
        for (const [output, value] of Object.entries(outputs)) {
          assert.ok(names.includes(output), `${name}: ${output}`);
          assert.equal(value, `\${{ steps.order.outputs.${output} }}`);
        }
      }
    }
  });

  it("run on a tested line of Node, and on the engine of the SDK", () => {
    for (const { place, step } of steps) {
      if (step.uses?.startsWith("actions/setup-node@")) {
        assert.ok(String(step.with?.["node-version"]) in supportedLines, place);
      }
      if (step.uses?.startsWith("pulumi/actions@")) {
        assert.equal(step.with?.["pulumi-version"], dependencies["@pulumi/pulumi"], place);
        assert.equal(step.with?.command, undefined, place);
      }
    }
  });
});
