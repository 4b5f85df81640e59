import { type Command, InvalidArgumentError, Option } from "commander";
import { network, type Transport } from "../../flux/release/https.js";
import { checkout } from "../checkout.js";
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
  { out: show }: Streams,
  root = checkout,
  transport: Transport = network,
): void {
  program
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
}

function releasedVersion(text: string): string {
  if (/^v\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a released version such as v2.9.2.");
}
