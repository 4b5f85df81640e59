import type { FleetSpec } from "../config/fleet-spec.js";

/** Name of the check that the workflow reports, as rulesets demand it. */
export const PLATFORM_CHECK = "Platform rules";

/** Path of the workflow in the platform's repository. */
export const PLATFORM_WORKFLOW_PATH = ".github/workflows/platform-rules.yml";

/** Folder of the action that the workflow runs, in the program's repository. */
const action = ".github/actions/platform-rules";

/**
 * The workflow of the platform's repository by its path; none without `fleet:platformRepository.rules`. It has no filter of
 * branches or paths and no condition: GitHub waits without end for a required check that a filter leaves out.
 * GitHub fetches the action with the program's whole repository, so neither needs a token for the other. The action judges the
 * head of the pull request and not its merge: a check counts for a commit, whatever the base. The ruleset wants the newest base
 * in that commit.
 * @see https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
 */
export function platformWorkflow({
  rules,
}: Pick<FleetSpec["platform"]["repository"], "rules">): Readonly<Record<string, string>> {
  if (rules === undefined) return {};
  const uses = `${rules.program}/${action}@${rules.revision}`;
  const text = `# Written by the platform from fleet:platformRepository.rules: a change here is undone by its next one.
# The rules are those of ${rules.program}, docs/rules.md. They read this repository's files, and run none of them.
name: ${PLATFORM_CHECK}
on:
  pull_request:
  merge_group:
permissions: {}
jobs:
  rules:
    name: ${PLATFORM_CHECK}
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: ${JSON.stringify(uses)}
`;
  return { [PLATFORM_WORKFLOW_PATH]: text };
}
