import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { PLATFORM_CHECK, PLATFORM_WORKFLOW_PATH, platformWorkflow } from "../../../policies/platform-workflow.js";
import { recordFleet, root } from "../../support/unit/fleet.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { workflowRules } from "../../support/unit/workflow-rules.js";
import { readWorkflow, type Step } from "../../support/unit/workflows.js";

const rules = { program: "acme/fleet", revision: "main" };
const textOf = (revision = "main") =>
  platformWorkflow({ rules: { ...rules, revision } })[PLATFORM_WORKFLOW_PATH] ?? assert.fail();
const folder = ".github/actions/platform-rules";
const action = parse(readFileSync(join(root, folder, "action.yml"), "utf8")) as {
  readonly runs: { readonly using: string; readonly steps: readonly (Step & { readonly shell?: string })[] };
};

describe("the workflow of the platform's repository", () => {
  const { workflow, text } = readWorkflow("platform-rules.yml", textOf());

  it("runs for every pull request, or the required check would wait without end", () => {
    assert.deepEqual(workflow.on, { pull_request: null, merge_group: null });
    const { rules: job, ...others } = workflow.jobs;
    assert.deepEqual(others, {});
    assert.deepEqual([job?.if, job?.needs, job?.strategy], [undefined, undefined, undefined]);
    // GitHub names the check after the job.
    assert.match(text, new RegExp(`^ {4}name: ${PLATFORM_CHECK}$`, "m"));
  });

  it("may read its own repository alone, and has neither secrets nor scripts", () => {
    assert.deepEqual(workflow.permissions, {});
    assert.deepEqual(workflow.jobs.rules?.permissions, { contents: "read" });
    assert.doesNotMatch(text, /\$\{\{|secrets|run:/);
  });

  it("keeps the rules of the project's workflows, if it names a commit of the program", () => {
    const pinned = readWorkflow("platform-rules.yml", textOf("a".repeat(40)).replaceAll(/"(acme.*)"/g, "$1 # v1.0.0"));
    for (const [name, rule] of Object.entries(workflowRules)) assert.deepEqual(rule(pinned), [], name);
  });

  it("runs the action of the program, which is there", () => {
    assert.deepEqual(workflow.jobs.rules?.steps, [{ uses: `acme/fleet/${folder}@main` }]);
    assert.ok(existsSync(join(root, folder, "action.yml")));
  });

  it("is none without the setting", () => assert.deepEqual(platformWorkflow({}), {}));

  it("is committed after the rulesets and the owners, and kept so", async () => {
    const spec = fleetSpec();
    const { repository } = spec.platform;
    const fleet = await recordFleet({ ...spec, platform: { ...spec.platform, repository: { ...repository, rules } } });
    const file = fleet.find(
      "github:index/repositoryFile:RepositoryFile",
      `fleet-platform-file-${PLATFORM_WORKFLOW_PATH}`,
    );
    assert.deepEqual([file.inputs.content, file.inputs.overwriteOnCreate], [textOf(), true]);
    const ruleset = "github:index/repositoryRuleset:RepositoryRuleset";
    assert.ok(fleet.waitsFor(file, fleet.find(ruleset, "fleet-platform-ruleset-fleet-review")));
  });
});

describe("the action that judges the platform's repository", () => {
  const { steps } = action.runs;

  it("takes the pull request as data: it is checked out without a credential, and no step runs in its folder", () => {
    const [checkout, ...others] = steps;
    const { ref: _ref, ...settings } = checkout?.with ?? {};
    assert.deepEqual(settings, { path: "platform", "persist-credentials": false });
    const program = `\${{ github.action_path }}/../../..`;
    for (const step of others.filter(({ run }) => run !== undefined)) {
      assert.equal((step as { readonly "working-directory"?: string })["working-directory"], program);
    }
    assert.deepEqual(
      steps.flatMap(({ run = [] }) => run),
      ["npm ci", 'npx fleet check --platform "$PLATFORM"'],
    );
  });

  it("judges the commit that the check counts for: a merge with another base could hide a fault", () => {
    // A merge queue has no pull request, and checks its own commit.
    assert.equal(steps[0]?.with?.ref, `\${{ github.event.pull_request.head.sha || github.sha }}`);
  });

  it("keeps the rules of workflows' steps", () => {
    const text = readFileSync(join(root, folder, "action.yml"), "utf8");
    const on = { pull_request: {} };
    const workflow = { on, permissions: {}, jobs: { rules: { permissions: { contents: "read" }, steps } } };
    for (const [name, rule] of Object.entries(workflowRules)) {
      assert.deepEqual(rule({ name: "action.yml", text, workflow }), [], name);
    }
  });

  it("demands kustomize, or fleet/ would be judged in part", () => {
    assert.equal(steps.at(-1)?.env?.FLEET_REQUIRE_KUSTOMIZE, "true");
  });
});
