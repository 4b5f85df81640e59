import type { Job, Step, Workflow, WorkflowFile } from "./workflows.js";

/** The faults that a rule finds in a workflow, one sentence each. */
export type WorkflowRule = (file: WorkflowFile) => readonly string[];

/** Scopes of a job's token that a job may have. `id-token: write` gives a token for other services, and no right at GitHub. */
const levels = ["read", "write"];

/** The rules of the project's workflows, by name. */
export const workflowRules = {
  "gives no right to a job that names none": ({ workflow }) =>
    isObject(workflow.permissions) && Object.keys(workflow.permissions).length === 0
      ? []
      : ["the workflow has no permissions: {}"],

  "names the rights of each job": ({ workflow }) =>
    eachJob(workflow, (job) => {
      const { permissions } = job;
      if (!isObject(permissions)) return ["has no list of permissions"];
      return Object.entries(permissions)
        .filter(([, level]) => !levels.includes(String(level)))
        .map(([scope]) => `has the permission ${scope} at no level`);
    }),

  "has secrets only in jobs of an environment": ({ workflow }) => [
    ...(mentionsSecret(workflow.env) ? ["the workflow has secrets in env"] : []),
    ...eachJob(workflow, (job) => [
      ...(job.environment === undefined && mentionsSecret(job) ? ["has a secret without an environment"] : []),
      // The jobs of a called workflow of this checkout follow this rule themselves.
      ...(job.secrets !== undefined && !callsOwnWorkflow(job) ? ["gives secrets to a workflow of others"] : []),
    ]),
  ],

  "gives a pull request's code neither secrets nor a right to write": ({ workflow }) =>
    "pull_request" in workflow.on
      ? eachJob(workflow, (job) => [
          ...(mentionsSecret(job) || job.secrets !== undefined ? ["has a secret"] : []),
          ...(job.environment === undefined ? [] : ["has an environment"]),
          // The called file has no pull_request, so this rule would not see the environments of its jobs.
          ...(job.uses === undefined ? [] : ["calls another workflow"]),
          ...writes(job).map((scope) => `may write ${scope}`),
        ])
      : [],

  "never runs a pull request's code with the rights of the branch": ({ workflow }) => [
    ...("pull_request_target" in workflow.on ? ["it is started by pull_request_target"] : []),
    ...("workflow_run" in workflow.on
      ? [
          ...eachJob(workflow, ({ uses }) => (uses === undefined ? [] : ["calls another workflow"])),
          ...eachStep(workflow, (step) => {
            const { ref, repository } = { ref: undefined, repository: undefined, ...step.with };
            return isAction(step, "actions/checkout") && (ref ?? repository) !== undefined
              ? ["checks out another revision than that of the default branch"]
              : [];
          }),
        ]
      : []),
  ],

  "has nothing of another run while packages are installed": ({ workflow }) =>
    eachJob(workflow, ({ steps }) => {
      const download = steps.findIndex((step) => isAction(step, "actions/download-artifact"));
      const install = steps.findLastIndex(({ run = "" }) => run.startsWith("npm ci"));
      return download !== -1 && download < install ? ["downloads an artifact before npm ci"] : [];
    }),

  "keeps no credential of Git": ({ workflow }) =>
    eachStep(workflow, (step) =>
      isAction(step, "actions/checkout") && step.with?.["persist-credentials"] !== false
        ? ["has no persist-credentials: false"]
        : [],
    ),

  "puts no expression into a script": ({ workflow }) =>
    eachStep(workflow, ({ run = "", with: { script } = {} }) =>
      `${run}${String(script ?? "")}`.includes("${{") ? ["has an expression in its script"] : [],
    ),

  "pins each action by commit, with its version": ({ text, workflow }) => [
    ...eachJob(workflow, (job) => (callsOwnWorkflow(job) ? [] : pinProblems(text, job.uses))),
    ...eachStep(workflow, ({ uses }) => pinProblems(text, uses)),
  ],

  "updates one stack at a time, and never stops half-way": ({ workflow }) =>
    eachJob(workflow, (job) => {
      const { concurrency, strategy, "timeout-minutes": timeout } = job;
      if (job.uses !== undefined) {
        return strategy?.["fail-fast"] === false ? [] : ["can be cancelled by the failure of another chain"];
      }
      if (!job.steps.some(({ run = "" }) => /^pulumi (?:up|destroy|refresh)\b/.test(run))) return [];
      return [
        ...(concurrency?.group === `stack-\${{ matrix.stack }}` ? [] : ["has no concurrency group of the stack"]),
        ...(concurrency?.["cancel-in-progress"] === false ? [] : ["can be cancelled by the next run"]),
        ...(strategy?.["fail-fast"] === false ? [] : ["can be cancelled by the failure of another stack"]),
        ...(timeout === 360 ? [] : ["can be cancelled by a time-out"]),
      ];
    }),

  "leaves all logic to commands": ({ workflow }) =>
    eachStep(workflow, ({ run }) =>
      run === undefined || simpleCommand.test(run) ? [] : [`runs more than a command: ${run}`],
    ),
} as const satisfies Readonly<Record<string, WorkflowRule>>;

/** Words, texts of variables, and at most one file for the output. */
const word = String.raw`(?:[\w./:=-]+|"[\w./-]*\$[A-Z_]+")`;
const simpleCommand = new RegExp(String.raw`^${word}(?: ${word})*(?: >>? "\$(?:DOCUMENT|GITHUB_OUTPUT)")?$`);

function eachJob(workflow: Workflow, judge: (job: Job) => readonly string[]): string[] {
  return Object.entries(workflow.jobs).flatMap(([id, job]) => judge(job).map((problem) => `the job ${id} ${problem}`));
}

function eachStep(workflow: Workflow, judge: (step: Step) => readonly string[]): string[] {
  return eachJob(workflow, ({ steps }) =>
    steps.flatMap((step, index) => judge(step).map((problem) => `in step ${index + 1} ${problem}`)),
  );
}

/** Whether a job calls a workflow of the same commit of the same repository. */
function callsOwnWorkflow({ uses = "" }: Job): boolean {
  return /^\.\/\.github\/workflows\/[\w-]+\.yml$/.test(uses);
}

function pinProblems(text: string, uses: string | undefined): string[] {
  if (uses === undefined) return [];
  if (!/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses)) return [`${uses} is not pinned by commit`];
  const lines = text.split("\n").filter((line) => line.includes(uses));
  return lines.every((line) => /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)) ? [] : [`${uses} has no version`];
}

function isAction({ uses = "" }: Step, name: string): boolean {
  return uses.startsWith(`${name}@`);
}

/** Whether an expression anywhere in a part of a workflow reads a secret. The job's own token is none of them. */
function mentionsSecret(part: unknown): boolean {
  return /\$\{\{[^}]*\bsecrets\b/.test(JSON.stringify(part ?? null));
}

function writes({ permissions }: Job): string[] {
  if (!isObject(permissions)) return ["everything"];
  return Object.entries(permissions).flatMap(([scope, level]) => (level === "write" ? [scope] : []));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
