import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { tenantScaffold } from "../../../policies/scaffold/scaffold.js";
import { fleetSpec } from "./spec.js";

/** A step of a job. */
export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A job of a workflow. */
export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly permissions?: unknown;
  readonly environment?: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly strategy?: { readonly "fail-fast"?: boolean; readonly matrix?: Readonly<Record<string, unknown>> };
  readonly "timeout-minutes"?: number;
  /** Empty in a job that calls a workflow. */
  readonly steps: readonly Step[];
  /** Workflow that the job calls. */
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly secrets?: unknown;
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A file of `.github/workflows`. */
export interface WorkflowFile {
  readonly name: string;
  readonly text: string;
  readonly workflow: Workflow;
}

/** Reads a workflow, with its anchors resolved as GitHub does. */
export function readWorkflow(name: string, text: string): WorkflowFile {
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs).map(([id, job]) => [id, { ...job, steps: job.steps ?? [] }] as const);
  return { name, text, workflow: { ...workflow, jobs: Object.fromEntries(jobs) } };
}

/** The workflows among the first files of a tenant's repository. */
export function scaffoldWorkflows(): readonly WorkflowFile[] {
  const files = Object.entries(tenantScaffold("helm", fleetSpec()));
  return files
    .filter(([file]) => file.startsWith(".github/workflows/"))
    .map(([file, text]) => readWorkflow(`scaffold ${basename(file)}`, text));
}

/** All workflows of a checkout. */
export function readWorkflows(root: string): readonly WorkflowFile[] {
  const folder = join(root, ".github/workflows");
  return readdirSync(folder).map((name) => readWorkflow(name, readFileSync(join(folder, name), "utf8")));
}
