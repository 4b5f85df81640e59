import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { gitHubProblems } from "../../config/stack/environment.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { readCredentials } from "../../lib/github/credentials.js";
import type { Check } from "../../operate/doctor/check.js";
import { judgeClock } from "../../operate/doctor/judge-clock.js";
import { judgeCluster } from "../../operate/doctor/judge-cluster.js";
import { judgeGitHub } from "../../operate/doctor/judge-github.js";
import { judgePulumi } from "../../operate/doctor/judge-pulumi.js";
import { judgeNode, judgeTool } from "../../operate/doctor/judge-tools.js";
import { appChecks } from "../doctor/app-checks.js";
import { neededRights } from "../doctor/needed-rights.js";
import type { RunTool } from "../doctor/read-tools.js";
import { FindingsError } from "../exit-code.js";
import { type LoadedStack, loadStack } from "../load-stack.js";
import { type DataForm, outputOption } from "../output/output-option.js";
import { printData } from "../output/print-data.js";
import { withProgress } from "../output/progress.js";
import { fleetFileFaults } from "../platform/fleet-file-faults.js";
import { defaultStack, requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

const limits = { answerMs: 5000, loginMs: 10_000 };

/** The systems that the command uses, for tests. */
export interface DoctorSystems {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Version of Node. */
  readonly node: string;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Runs programs. @default - those of PATH */
  readonly run?: RunTool;
}

const systems: DoctorSystems = { environment: process.env, node: process.versions.node, now: Date.now };

const examples = `
Examples:
  npx fleet doctor                       the stack that creates the repositories
  npx fleet doctor prod-eu               with KUBECONFIG of its cluster
  npx fleet doctor staging --output json | jq '.checks[] | select(.result == "problem")'`;

/** Adds `doctor`. @param use the systems that it uses */
export function addDoctorCommand(program: Command, streams: Streams, root: string, use = systems): void {
  program
    .command("doctor")
    .summary("check tools, credentials, reachability and clocks: what pulumi up will need")
    .description(
      "check what pulumi up will need on a stack, and say what to fix: tools and versions, the stack's files, the engine's login, GitHub with the rights of the token, the cluster of KUBECONFIG's current context, and clocks; changes nothing",
    )
    .argument("[stack]", "stack to check for; when left out: the one that creates the repositories")
    .addOption(outputOption())
    .addHelpText("after", examples)
    .action(async (named: string | undefined, { output }: { readonly output: DataForm }, command: Command) => {
      const stack = named === undefined ? await defaultStack(command, root) : await requireStack(command, root, named);
      const checks = await withProgress(`Checking for ${stack}`, () => checksOf(root, stack, use));
      const rows = checks.map(({ area, name, result, detail, fix = "" }) => [area, name, result, detail, fix]);
      const tables = [{ head: ["Area", "Check", "Result", "Detail", "What to do"], rows }];
      streams.out(printData({ data: { stack, checks }, tables }, output));
      const problems = checks.filter(({ result }) => result === "problem");
      if (problems.length === 0) return;
      const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
      const lines = problems.map(({ area, name, fix = "" }) => `  ${area}, ${name}: ${fix}`);
      throw new FindingsError([`${count}. What to do:`, ...lines].join("\n"));
    });
}

async function checksOf(root: string, stack: string, use: DoctorSystems): Promise<readonly Check[]> {
  const { runTools } = await import("../doctor/read-tools.js");
  const run = use.run ?? runTools(root, use.environment, limits.loginMs);
  const loaded = await loadStack(root, stack, { allowUnpinned: true });
  const areas = await Promise.all([
    toolChecks(root, run, use.node),
    fileCheck(root, stack, loaded).then((check) => [check]),
    pulumiChecks(root, stack, run, use.environment),
    gitHubChecks(loaded, use),
    clusterChecks(stack, run, use),
  ]);
  return areas.flat();
}

async function toolChecks(root: string, run: RunTool, node: string): Promise<Check[]> {
  const { toolVersion } = await import("../doctor/read-tools.js");
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
  const tools = [
    { name: "pulumi", args: ["version"], purpose: "every update", isRequired: true },
    { name: "git", args: ["--version"], purpose: "fleet diff", isRequired: false },
    { name: "kubectl", args: ["version", "--client"], purpose: "a look at a cluster", isRequired: false },
    { name: "flux", args: ["--version"], purpose: "suspending and resuming syncs", isRequired: false },
  ];
  const checks = tools.map(async ({ args, ...tool }) => {
    return judgeTool({ ...tool, version: await toolVersion(run, tool.name, args) });
  });
  return [judgeNode(node, engines.node), ...(await Promise.all(checks))];
}

async function fileCheck(root: string, stack: string, loaded: LoadedStack): Promise<Check> {
  const { uncheckedKeys } = loaded;
  const { problems } = new FleetError([...loaded.problems, ...(await fleetFileFaults(root))]);
  const check = { area: "files", name: stack } as const;
  const unchecked = uncheckedKeys.length === 0 ? "" : `; encrypted, so not checked: ${uncheckedKeys.join(", ")}`;
  if (problems.length === 0) return { ...check, result: "ok", detail: `no problems found${unchecked}` };
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return { ...check, result: "problem", detail: count, fix: `npx fleet check ${stack} lists them` };
}

async function pulumiChecks(root: string, stack: string, run: RunTool, environment: DoctorSystems["environment"]) {
  const { readPulumi } = await import("../doctor/read-tools.js");
  const { existsSync } = await import("node:fs");
  const file = join(root, `Pulumi.${stack}.yaml`);
  const needsPassphrase = existsSync(file) && /^encryptionsalt:/m.test(readFileSync(file, "utf8"));
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: textFile } = environment;
  const hasPassphrase = text !== undefined || textFile !== undefined;
  return judgePulumi(stack, { ...(await readPulumi(run)), needsPassphrase, hasPassphrase });
}

async function gitHubChecks({ spec, config }: LoadedStack, use: DoctorSystems): Promise<readonly Check[]> {
  const { environment, now } = use;
  const faults = gitHubProblems(environment);
  const checks = faults.map(({ path, message, fix: remedy = "" }): Check => {
    return { area: "GitHub", name: path, result: "problem", detail: message, fix: remedy };
  });
  const owner = config.githubOwner || environment.GITHUB_OWNER || "";
  if (owner === "") {
    const missing = "Set it to the organisation, or set fleet:githubOwner";
    checks.push({ area: "GitHub", name: "GITHUB_OWNER", result: "problem", detail: "is not set", fix: missing });
  }
  if (checks.length > 0) return checks;
  const { app } = readCredentials(environment);
  if (app !== undefined) return await appChecks({ spec, environment, app, now });
  const { readGitHub } = await import("../doctor/read-github.js");
  const rights = neededRights(spec);
  const platform = spec?.platform.repository.name ?? "platform";
  const read = await readGitHub({ owner, platform, rights, environment, timeoutMs: limits.answerMs, now });
  if ("facts" in read) return [...judgeGitHub(read.facts), judgeClock("GitHub", read.time)];
  const remedy = "Check GITHUB_TOKEN, GITHUB_BASE_URL, the network and the proxy";
  return [{ area: "GitHub", name: "API", result: "problem", detail: read.reason, fix: remedy }];
}

async function clusterChecks(
  stack: string,
  run: RunTool,
  { environment, now }: DoctorSystems,
): Promise<readonly Check[]> {
  const { readCurrentCluster } = await import("../doctor/read-current-cluster.js");
  const read = await readCurrentCluster({ environment, limits, run, now });
  if ("facts" in read) {
    return [...judgeCluster(stack, read.facts), ...(read.time === undefined ? [] : [judgeClock("cluster", read.time)])];
  }
  const fix = `Set KUBECONFIG to the kubeconfig of the cluster of ${stack}, and choose its context`;
  return [{ area: "cluster", name: "KUBECONFIG", result: "problem", detail: read.reason, fix }];
}
