import { FleetError, problemLine } from "../../lib/diagnostics/problem.js";
import { beginWait } from "../../lib/time/waits.js";
import type { StackLooks } from "../../operate/report/build-report.js";
import type { Verification } from "../../operate/verify/verification.js";
import { type LookArgs, lookAtFleet, type StackLook } from "../status/look.js";
import { loadVerifyArgs, type VerifyChoices } from "../verify/load-verify-args.js";
import { type VerifySystems, verifyStack } from "../verify/verify-stack.js";

/** The arguments of {@link looksForReport}. */
export interface ReportLookArgs extends Omit<LookArgs, "behind" | "waitForGitHub"> {
  readonly choices: Pick<VerifyChoices, "withoutGitHub" | "accepted" | "maxKeyDays" | "manifests" | "sshAddress">;
  /** Says what happens. */
  readonly progress: (line: string) => void;
  /** The systems that verifications use, for tests. @default - those of this process */
  readonly use?: VerifySystems | undefined;
}

/**
 * Looks at stacks and verifies them, one after the other. A stack that could not be looked at hides no other: its problems
 * say why.
 * @throws CouldNotLookError with the problems of KUBECONFIG
 */
export async function looksForReport(args: ReportLookArgs): Promise<StackLooks[]> {
  const { environment, progress } = args;
  progress("reading the clusters");
  const { stacks } = await lookAtFleet({ ...args, waitForGitHub: () => beginWait(0), behind: new Map() });
  const looks: StackLooks[] = [];
  for (const look of stacks) {
    const { stack, context, server, spec, status } = look;
    const { verification, problems } = await verified(look, args);
    const organisation = spec?.github.owner || environment.GITHUB_OWNER || "unknown";
    looks.push({
      stack,
      context,
      server,
      problems: [...new Set([...look.problems, ...problems])],
      spec,
      organisation,
      status,
      verification,
    });
  }
  return looks;
}

interface Verified {
  /** @default - the stack could not be verified */
  readonly verification?: Verification;
  readonly problems: readonly string[];
}

/** The verification of a stack. Without a context there is no cluster to verify. */
async function verified({ stack, context, status }: StackLook, args: ReportLookArgs): Promise<Verified> {
  if (context === undefined || status === undefined) return { problems: [] };
  const { root, choices, environment, progress, use } = args;
  const tell = (line: string) => progress(`${stack}: ${line}`);
  try {
    const loaded = await loadVerifyArgs({ ...choices, root, stack, context, environment, progress: tell });
    return { verification: await verifyStack(loaded, use), problems: [] };
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return { problems: error.problems.map(problemLine) };
  }
}
