import assert from "node:assert/strict";
import { root } from "../../support/unit/fleet.js";
import { workflowRules } from "../../support/unit/workflow-rules.js";
import { readWorkflow, readWorkflows, scaffoldWorkflows } from "../../support/unit/workflows.js";

/** A workflow that every rule accepts. */
const sound = `name: Sound
on:
  push:
    branches: [main]
permissions: {}
jobs:
  update:
    permissions:
      contents: read
    environment:
      name: staging
    concurrency:
      group: stack-\${{ matrix.stack }}
      cancel-in-progress: false
    strategy:
      fail-fast: false
    timeout-minutes: 360
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: npm ci
      - uses: actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1
        with:
          name: review
      - run: pulumi up --stack "$STACK" > "$DOCUMENT"
        env:
          STACK: \${{ matrix.stack }}
          TOKEN: \${{ secrets.TOKEN }}
  chain:
    permissions:
      contents: read
    strategy:
      fail-fast: false
    uses: ./.github/workflows/called.yml
    secrets: inherit
`;
const pullRequest = "  pull_request:\n    branches: [main]\n";
const workflowRun = "  workflow_run:\n    workflows: [Pull request]\n";

/** Edits of the sound workflow that a rule must refuse, with the sentence. */
const violations: Readonly<
  Record<keyof typeof workflowRules, readonly (readonly [from: string | RegExp, to: string, message: RegExp])[]>
> = {
  "gives no right to a job that names none": [
    ["permissions: {}\n", "", /^the workflow has no permissions: \{\}$/],
    ["permissions: {}\n", "permissions: read-all\n", /no permissions/],
    ["permissions: {}\n", "permissions: {contents: read}\n", /no permissions/],
  ],
  "names the rights of each job": [
    [/ {4}permissions:\n {6}contents: read\n/, "", /^the job update has no list of permissions$/],
    [/ {4}permissions:\n {6}contents: read\n/, "    permissions: write-all\n", /no list/],
    ["contents: read", "contents: all", /the permission contents at no level/],
  ],
  "has secrets only in jobs of an environment": [
    [/ {4}environment:\n {6}name: staging\n/, "", /the job update has a secret without an environment/],
    [
      "./.github/workflows/called.yml",
      "acme/x/.github/workflows/x.yml@main",
      /the job chain gives secrets to a workflow/,
    ],
    ["./.github/workflows/called.yml", "./../x.yml", /the job chain gives secrets to a workflow of others/],
    ["jobs:\n", `env:\n  TOKEN: \${{ secrets.TOKEN }}\njobs:\n`, /the workflow has secrets in env/],
  ],
  "gives a pull request's code neither secrets nor a right to write": [
    [/ {2}push:\n.+\n/, pullRequest, /job update has a secret.*has an environment.*job chain has a secret/],
    [/ {2}push:\n.+\n([\s\S]*) {4}secrets: inherit\n/, `${pullRequest}$1`, /job chain calls another workflow/],
    [/ {2}push:\n.+\n([\s\S]*)contents: read/, `${pullRequest}$1contents: write`, /may write contents/],
    [/ {2}push:\n.+\n([\s\S]*)contents: read/, `${pullRequest}$1id-token: write`, /may write id-token/],
  ],
  "never runs a pull request's code with the rights of the branch": [
    ["  push:\n", "  pull_request_target:\n", /pull_request_target/],
    [/ {2}push:\n.+\n/, workflowRun, /the job chain calls another workflow/],
    [
      / {2}push:\n.+\n([\s\S]*)persist-credentials: false/,
      `${workflowRun}$1ref: \${{ github.event.workflow_run.head_sha }}`,
      /step 1 checks out another revision/,
    ],
    [
      / {2}push:\n.+\n([\s\S]*)persist-credentials: false/,
      `${workflowRun}$1repository: \${{ github.event.workflow_run.head_repository.full_name }}`,
      /step 1 checks out another revision/,
    ],
  ],
  "has nothing of another run while packages are installed": [
    [/( {6}- run: npm ci\n)([\s\S]*)( {6}- run: pulumi)/, "$2$1$3", /downloads an artifact before npm ci/],
  ],
  "keeps no credential of Git": [
    [/ {8}with:\n {10}persist-credentials: false\n/, "", /in step 1 has no persist-credentials: false/],
    ["persist-credentials: false", "persist-credentials: true", /in step 1 has no persist-credentials/],
  ],
  "puts no expression into a script": [
    ['"$STACK"', `"\${{ github.head_ref }}"`, /in step 4 has an expression in its script/],
    ["name: review", `script: console.log('\${{ github.head_ref }}')`, /in step 3 has an expression/],
  ],
  "pins each action by commit, with its version": [
    ["@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "@v6", /actions\/checkout@v6 is not pinned by commit/],
    ["@de0fac2e4500dabe0009e67214ff5f5447ce83dd", "@de0fac2", /is not pinned by commit/],
    [" # v6.0.2", "", /has no version/],
    [" # v6.0.2", " # main", /has no version/],
    ["./.github/workflows/called.yml", "acme/x/.github/workflows/x.yml@v1", /the job chain acme.*is not pinned/],
  ],
  "updates one stack at a time, and never stops half-way": [
    [`stack-\${{ matrix.stack }}`, "deploy", /has no concurrency group of the stack/],
    ["cancel-in-progress: false", "cancel-in-progress: true", /can be cancelled by the next run/],
    ["fail-fast: false", "fail-fast: true", /can be cancelled by the failure of another stack/],
    [/(chain:[\s\S]*)fail-fast: false/, "$1fail-fast: true", /can be cancelled by the failure of another chain/],
    ["timeout-minutes: 360", "timeout-minutes: 30", /can be cancelled by a time-out/],
  ],
  "leaves all logic to commands": [
    ["npm ci", "npm ci && npm test", /runs more than a command/],
    ["npm ci", "if npm ci; then true; fi", /runs more than a command/],
    ["npm ci", "npm ci | tee log", /runs more than a command/],
    ["npm ci", 'echo "$(id)"', /runs more than a command/],
    ["npm ci", "npm run $NAME", /runs more than a command/],
    ["npm ci", 'npm ci >> "$GITHUB_ENV"', /runs more than a command/],
    ["run: npm ci", "run: |\n          npm ci\n          npm test", /runs more than a command/],
  ],
};

describe("the workflows", () => {
  const files = [...readWorkflows(root), ...scaffoldWorkflows()];

  for (const [name, rule] of Object.entries(workflowRules)) {
    it(`${name}: each workflow does`, () => {
      assert.deepEqual(
        files.flatMap((file) => rule(file).map((problem) => `${file.name}: ${problem}`)),
        [],
      );
    });

    it(`${name}: what does not is found`, () => {
      assert.deepEqual(rule(readWorkflow("sound.yml", sound)), []);
      for (const [from, to, message] of violations[name as keyof typeof workflowRules]) {
        const text = sound.replace(from, to);
        assert.notEqual(text, sound, String(from));
        assert.match(rule(readWorkflow("violating.yml", text)).join("; "), message, to);
      }
    });
  }

  it("give these secrets to steps, and no others: none to a pull request, and no key of an App to drift.yml", () => {
    const given = files.flatMap(({ name, workflow }) =>
      Object.entries(workflow.jobs).flatMap(([id, job]) => {
        const named = JSON.stringify(job).match(/(?<=secrets\.)\w+/g) ?? [];
        return named.length === 0 ? [] : [[`${name} ${id}`, [...new Set(named)].sort()] as const];
      }),
    );
    const backend = ["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"];
    const update = ["FLEET_APP_PRIVATE_KEY", "FLEET_GITHUB_TOKEN", "KUBECONFIG", ...backend];
    assert.deepEqual(Object.fromEntries(given), {
      "deploy-chain.yml wave-1": update,
      "deploy-chain.yml wave-2": update,
      "deploy-chain.yml wave-3": update,
      "deploy-chain.yml wave-4": update,
      "drift.yml drift": ["FLEET_GITHUB_TOKEN", "KUBECONFIG", ...backend],
      "promotion.yml promote": ["PROMOTION_APP_PRIVATE_KEY", "PROMOTION_TOKEN", ...backend],
      "statuses.yml statuses": ["KUBECONFIG", "STATUSES_APP_PRIVATE_KEY", "STATUSES_TOKEN"],
    });
  });

  it("have these rights, and no others", () => {
    const rights = files.flatMap(({ name, workflow }) =>
      Object.entries(workflow.jobs).map(([id, { permissions }]) => [`${name} ${id}`, permissions] as const),
    );
    const next = { contents: "read", deployments: "read" };
    const update = { contents: "read", deployments: "read", "id-token": "write" };
    assert.deepEqual(Object.fromEntries(rights), {
      "deploy-chain.yml next-2": next,
      "deploy-chain.yml next-3": next,
      "deploy-chain.yml next-4": next,
      "deploy-chain.yml wave-1": update,
      "deploy-chain.yml wave-2": update,
      "deploy-chain.yml wave-3": update,
      "deploy-chain.yml wave-4": update,
      "deploy.yml chain": update,
      "deploy.yml stacks": { contents: "read" },
      "drift.yml drift": { contents: "read", "id-token": "write", issues: "write" },
      "drift.yml stacks": { contents: "read" },
      "promotion.yml promote": { contents: "write", "id-token": "write", "pull-requests": "write" },
      "promotion.yml stacks": { contents: "read" },
      "pull-request.yml report": { contents: "read" },
      "pull-request.yml review": { contents: "read" },
      "pull-request.yml test": { contents: "read" },
      "review-comment.yml comment": { actions: "read", contents: "read", "pull-requests": "write" },
      "statuses.yml stacks": { contents: "read" },
      "statuses.yml statuses": { contents: "read", "id-token": "write" },
      "scaffold image-updates.yml pull-request": { contents: "read", "pull-requests": "write" },
      "scaffold manifests.yml manifests": { contents: "read" },
    });
  });
});
