import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import { platformWorkflow } from "../../../policies/platform-workflow.js";
import { root } from "../../support/unit/fleet.js";
import { readWorkflows, scaffoldWorkflows } from "../../support/unit/workflows.js";

/** The problems that GitHub's own language service finds in a workflow, as `LINE: MESSAGE`. It asks no server. */
async function lint(name: string, text: string): Promise<readonly string[]> {
  // The service keeps its result by the address of a document.
  const document = TextDocument.create(`file:///.github/workflows/${name}`, "yaml", 1, text);
  const found = await validate(document, {});
  return [...new Set(found.map(({ range, message }) => `${range.start.line + 1}: ${message}`))];
}

describe("the linter of workflows", () => {
  const files = readWorkflows(root);

  it("finds nothing in those of a tenant's repository", async () => {
    const scaffolded = scaffoldWorkflows();
    assert.equal(scaffolded.length, 2);
    for (const { name, text } of scaffolded) {
      assert.deepEqual(await lint(encodeURIComponent(name), text), [], name);
      assert.notDeepEqual(await lint(encodeURIComponent(`broken ${name}`), text.replace("runs-on:", "run-on:")), []);
    }
  });

  it("finds nothing", async () => {
    assert.ok(files.length >= 5);
    for (const { name, text } of files) assert.deepEqual(await lint(name, text), [], name);
    const [seeded = assert.fail()] = Object.values(
      platformWorkflow({ rules: { program: "acme/fleet", revision: "main" } }),
    );
    assert.deepEqual(await lint("platform-rules.yml", seeded), []);
  });

  for (const [from, to, message] of [
    ["", "", /^$/],
    ["shell: bash", "shel: bash", /Unexpected value 'shel'/],
    ["github.action_path", "githob.action_path", /Unrecognized named-value: 'githob'/],
    ["using: composite", "using: compost", /compost/],
  ] as const) {
    it(`finds in the action ${to === "" ? "nothing" : `${to} in place of ${from}`}`, async () => {
      const text = readFileSync(join(root, ".github/actions/platform-rules/action.yml"), "utf8");
      const found = await lint(`../${encodeURIComponent(to)}/action.yml`, text.replace(from, to));
      assert.match(found.join("; "), message);
    });
  }

  for (const [from, to, message] of [
    ["runs-on:", "run-on:", /Unexpected value 'run-on'/],
    ["contents: read", "content: read", /Unexpected value 'content'/],
    ["branches: [main]", "branchs: [main]", /Unexpected value 'branchs'/],
    ["needs: stacks", "needs: stack", /depends on unknown job 'stack'/],
    ["steps.order.outputs", "steps.ordre.outputs", /Context access might be invalid: ordre/],
    ["needs.stacks.outputs", "needs.stack.outputs", /Context access might be invalid: stack/],
    ["matrix.chain.stack }}", "matrx.chain.stack }}", /Unrecognized named-value: 'matrx'/],
    ["uses: ./", "use: ./", /Unexpected value 'use'|Required property is missing/],
    ["secrets: inherit", "secrets: all", /Expected|Unexpected value 'all'/],
    ["fromJSON(", "fromJson2(", /Unrecognized function: 'fromJson2'/],
    ["!= '[]'", "!= []", /Unexpected symbol: '\['/],
    ["timeout-minutes: 15", "timeout-minutes: soon", /Unexpected value 'soon'/],
  ] as const) {
    it(`finds ${to} in place of ${from}`, () => refuses("deploy.yml", from, to, message));
  }

  for (const [from, to, message] of [
    ["workflow_call:", "workflow_cal:", /Unexpected value 'workflow_cal'/],
    ["type: string", "type: text", /text/],
    ["inputs.stack }}", "inputs.stak }}", /Context access might be invalid: stak/],
    ["inputs.wave-2", "inputs.wave-5", /Context access might be invalid: wave-5/],
    ["needs: wave-1", "needs: wave-9", /depends on unknown job 'wave-9'/],
    ["needs.next-2.outputs", "needs.next-3.outputs", /Context access might be invalid: next-3/],
    ["matrix.stack }}", "matrix.stak }}", /Context access might be invalid: stak/],
    ["cancel-in-progress: false", "cancel-in-progress: maybe", /Unexpected value 'maybe'/],
    ["steps: *update", "steps: *updates", /Expected a scalar value, a sequence, or a mapping/],
  ] as const) {
    it(`finds in a chain's workflow ${to} in place of ${from}`, () => refuses("deploy-chain.yml", from, to, message));
  }

  /** The linter finds a fault in one of the project's workflows. */
  async function refuses(file: string, from: string, to: string, message: RegExp): Promise<void> {
    const { text } = files.find(({ name }) => name === file) ?? assert.fail();
    const broken = text.replace(from, to);
    assert.notEqual(broken, text);
    assert.match((await lint(`${encodeURIComponent(to)}.yml`, broken)).join("; "), message);
  }
});
