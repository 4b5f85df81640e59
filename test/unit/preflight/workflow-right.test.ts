import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { PLATFORM_WORKFLOW_PATH } from "../../../policies/platform-workflow.js";
import { workflowFiles } from "../../../policies/workflow-files.js";
import { workflowRight } from "../../../preflight/workflow-right.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const plain = fleetSpec({ tenants: [tenantSpec("team-a")] });
const rules = { program: "acme/fleet", revision: "0".repeat(40) };
const withRules: FleetSpec = {
  ...plain,
  platform: { ...plain.platform, repository: { ...plain.platform.repository, rules } },
};
const withHelm = fleetSpec({ tenants: [tenantSpec("team-a", { repository: { scaffold: "helm" } })] });

const right = (
  spec: FleetSpec,
  scopes: readonly string[] | undefined,
  stackState: StackState = {},
  usesApp = false,
) => {
  const { problems, notes } = workflowRight(spec, {
    organisation: { scopes },
    state: { managed: new Map() },
    stackState,
    usesApp,
  });
  return { problems: problems.map(problemLine), notes };
};
const none = { problems: [], notes: [] };

/** A state that has these files. */
function stateWith(files: ReturnType<typeof workflowFiles>): StackState {
  const type = "github:index/repositoryFile:RepositoryFile";
  return Object.fromEntries(
    files.map(({ repository, path, content }) => {
      return [`urn:${repository}/${path}`, { type, outputs: { repository, file: path, content } }];
    }),
  );
}

describe("the right to write workflows", () => {
  it("is known of a GitHub App, whose permissions are checked before", () => {
    assert.equal(right(withRules, undefined).notes.length, 1);
    assert.deepEqual(right(withRules, undefined, {}, true), none);
  });

  it("is missing of a classic token without its scope, before the first write", () => {
    const { problems, notes } = right(withRules, ["repo", "admin:org"]);
    assert.deepEqual(problems, [
      `environment: GITHUB_TOKEN: lacks the scope workflow, so GitHub would refuse workflows in the middle of the update: ${PLATFORM_WORKFLOW_PATH} of acme/platform. Add the scope workflow to the token, or remove fleet:platformRepository.rules.`,
    ]);
    assert.deepEqual(notes, []);
    assert.match(
      right(withHelm, []).problems.join(),
      /image-updates\.yml of acme\/tenant-template-helm, .*, or remove repository\.scaffold: helm\.$/,
    );
  });

  it("is missing for a workflow whose content changes", () => {
    const files = workflowFiles(withRules, new Map());
    const older = files.map((file) => ({ ...file, content: `${file.content}# older\n` }));
    assert.equal(right(withRules, ["repo"], stateWith(older)).problems.length, 1);
    assert.deepEqual(right(withRules, ["repo"], stateWith(files)), none);
  });

  it("is unknown of another token, and the update says so", () => {
    const { problems, notes } = right(withRules, undefined);
    assert.deepEqual(problems, []);
    assert.deepEqual(notes, [
      `This update writes workflows: ${PLATFORM_WORKFLOW_PATH} of acme/platform. GitHub does not tell whether the token may: it needs the permission Workflows: write.`,
    ]);
  });

  it("is not needed without workflows, with the scope, or on a stack that creates no repositories", () => {
    assert.deepEqual(right(plain, []), none);
    assert.deepEqual(right(withRules, ["repo", "workflow"]), none);
    const other = { ...withRules, github: { ...withRules.github, ownsRepositories: false } };
    assert.deepEqual(right(other, []), none);
  });
});
