import { type Command, InvalidArgumentError, Option } from "commander";
import { network, type Transport } from "../../flux/release/https.js";
import { checkout } from "../checkout.js";
import { finishEarlier } from "../finish-earlier.js";
import type { Streams } from "../streams.js";

interface LockOptions {
  readonly manifest?: string;
  readonly replace: boolean;
  readonly verify: boolean;
}

/**
 * Adds `lock`.
 * @param root directory of `flux.lock.json`
 */
export function addLockCommand(
  program: Command,
  streams: Streams,
  root = checkout,
  transport: Transport = network,
): void {
  const { out: show } = streams;
  const lock = program
    .command("lock")
    .summary("pin a version of Flux, or check what is pinned")
    .description(
      "pin a version of Flux in flux.lock.json, by the digest of its manifest's objects and the current digests of its images; needs access to GitHub and to the images' registry, but no account",
    )
    .argument(
      "[version]",
      "Flux version, such as v2.9.2; optional with --verify, which then checks every locked version",
      releasedVersion,
    )
    .option("--manifest <file>", "read the manifest from a file; image digests still come from the registry")
    .addOption(
      new Option("--replace", "overwrite a locked version whose manifest or images have changed")
        .default(false, "refuse")
        .conflicts("verify"),
    )
    .option("--verify", "check that the manifest and the images still match the lock; write nothing", false)
    .action(async (version: string | undefined, { verify, replace, manifest }: LockOptions, command: Command) => {
      if (version === undefined && (!verify || manifest !== undefined)) {
        command.error(`error: missing argument 'version'${verify ? ": a manifest is that of one version" : ""}`);
        return;
      }
      // Imported here, because the other commands need neither these parsers nor these schemas.
      const [{ lockVersion }, { verifyLock }] = await Promise.all([
        import("../../flux/lock/lock-version.js"),
        import("../../flux/lock/verify-lock.js"),
      ]);
      if (version === undefined || verify) await verifyLock({ root, version, manifest, transport, show });
      else await lockVersion({ root, version, manifest, replace, transport, show });
    });
  addChartsCommand(lock, streams, root, transport);
}

function addChartsCommand(lock: Command, streams: Streams, root: string, transport: Transport): void {
  lock
    .command("charts")
    .summary("pin the charts of fleet/ by digest, or check what is pinned")
    .description(
      "write the digest that each chart of fleet/ has in its registry now, all or none: spec.ref.digest of an OCIRepository, by which Flux then fetches, and the annotation fleet.dev/chart-digest for a chart of a HelmRepository, which Flux does not verify; needs access to the registries, but no account",
    )
    .option("--replace", "overwrite the digest of a version that has other bytes by now", false)
    .option("--check", "compare the files with the registries; write nothing", false)
    .addHelpText("after", chartExamples)
    .action(async ({ check }: { readonly check: boolean }, command: Command) => {
      // The options of `lock` itself are read before these, wherever they stand.
      const { replace, verify, manifest } = command.optsWithGlobals<LockOptions>();
      if (verify || manifest !== undefined) {
        command.error("error: --verify and --manifest are for versions of Flux; charts have --check");
      }
      if (check && replace) command.error("error: option '--replace' cannot be used with option '--check'");
      const { lockCharts } = await import("../lock/lock-charts.js");
      await finishEarlier(root, streams.out, check);
      await lockCharts({ root, check, replace, transport, streams });
    });
}

const chartExamples = `
Examples:
  npx fleet lock charts            after a new version of a chart, and before the commit
  npx fleet lock charts --check    in a scheduled workflow: 1 for a tag that was moved, 3 for a registry without answer
`;

function releasedVersion(text: string): string {
  if (/^v\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a released version such as v2.9.2.");
}
