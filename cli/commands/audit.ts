import { type Command, Option } from "commander";
import { type Severity, severities } from "../../operate/audit/finding.js";
import type { AuditLook } from "../audit/output.js";
import type { ClusterLimits } from "../cluster/api-client.js";
import { CouldNotLookError, FindingsError } from "../exit-code.js";
import { type DataForm, outputOption } from "../output/output-option.js";
import { withProgress } from "../output/progress.js";
import type { Streams } from "../streams.js";

/** The systems that the command uses, for tests. */
export interface AuditSystems {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
}

const systems: AuditSystems = { environment: process.env, limits: { answerMs: 15_000, loginMs: 10_000 } };

interface AuditOptions {
  readonly context: string;
  readonly severity: Severity;
  readonly output: DataForm;
}

const examples = `
Examples:
  npx fleet audit --context prod                      every finding, the worst first
  npx fleet audit --context prod --severity high      the worst alone
  npx fleet audit --context prod --output markdown    for an issue or a report
  npx fleet audit --context prod --output json | jq -r '.findings[] | select(.rule == "controller-flag").fix'`;

/** Adds `audit`. @param use the systems that it uses */
export function addAuditCommand(program: Command, streams: Streams, use = systems): void {
  program
    .command("audit")
    .summary("find the weaknesses of any cluster that runs Flux, with a fix for each")
    .description(
      "read a cluster that runs Flux, of this fleet or not, and name what weakens it: syncs without a service account, missing flags of controllers, references between namespaces, insecure and unverified sources, unpinned images, cluster-admin bindings, ways by which a tenant reaches the whole cluster, orphaned objects, syncs that do not run, and deprecated API versions; changes nothing, and reads no Secret",
    )
    .requiredOption("--context <context>", "context of KUBECONFIG that leads to the cluster")
    .addOption(new Option("--severity <severity>", "least severity that counts").choices(severities).default("low"))
    .addOption(outputOption())
    .addHelpText("after", examples)
    .action(async ({ context, severity, output }: AuditOptions) => {
      // Imported here, because other commands need neither the clients of clusters nor the rules.
      const [{ lookAtContext }, { auditText }] = await Promise.all([
        import("../audit/look.js"),
        import("../audit/output.js"),
      ]);
      const look = await withProgress(`Reading ${context}`, () => lookAtContext({ context, ...use }));
      const counting = severities.slice(0, severities.indexOf(severity) + 1);
      const shown = { ...look, findings: look.findings.filter((one) => counting.includes(one.severity)) };
      streams.out(auditText(shown, output));
      judge(shown);
    });
}

/** @throws CouldNotLookError when the look is incomplete, and FindingsError when it has findings */
function judge({ context, problems, findings }: AuditLook): void {
  if (problems.length > 0) {
    throw new CouldNotLookError(problems.map((message) => ({ file: context, path: "", message })));
  }
  if (findings.length === 0) return;
  const counts = severities.map((severity) => {
    return `${findings.filter((one) => one.severity === severity).length} ${severity}`;
  });
  const count = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
  throw new FindingsError(`${context} has ${count}: ${counts.join(", ")}.`);
}
