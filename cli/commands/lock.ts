import { type Command, InvalidArgumentError, Option } from "commander";
import { network, type Transport } from "../../flux/release/https.js";
import { checkout } from "../checkout.js";
import type { Streams } from "../streams.js";

/** What the command works on; a test gives its own. */
export interface LockSurroundings {
  /** Directory of `flux.lock.json`. */
  readonly root: string;
  readonly transport: Transport;
}

interface LockOptions {
  readonly manifest?: string;
  readonly replace: boolean;
  readonly verify: boolean;
}

/** Adds `lock`. */
export function addLockCommand(
  program: Command,
  { out }: Streams,
  { root, transport }: LockSurroundings = { root: checkout, transport: network },
): void {
  program
    .command("lock")
    .summary("pin a version of Flux, or check what is pinned")
    .description(
      "pin a version of Flux in flux.lock.json: the digest of its manifest's objects, and the digests that the images' registries give to the tags in it now; needs the network, and no account",
    )
    .argument("[version]", "Flux version, such as v2.9.2; --verify takes every locked one when it is left out", version)
    .option("--manifest <file>", "read the manifest from a file; images are looked up all the same")
    .addOption(
      new Option("--replace", "write even if the version is locked and something of it has changed")
        .default(false, "refuse")
        .conflicts("verify"),
    )
    .option("--verify", "write nothing: check that manifest and images still are what is locked", false)
    .action(async (wanted: string | undefined, { manifest, replace, verify }: LockOptions, command: Command) => {
      if (wanted === undefined && (!verify || manifest !== undefined)) {
        command.error(`error: missing argument 'version'${verify ? ": a manifest is that of one version" : ""}`);
        return;
      }
      // Only here: these load parsers and schemas that the other commands do without.
      const [{ lockVersion }, { verifyLock }] = await Promise.all([
        import("../../flux/lock/lock-version.js"),
        import("../../flux/lock/verify-lock.js"),
      ]);
      if (wanted === undefined || verify) await verifyLock({ root, version: wanted, manifest, transport, show: out });
      else await lockVersion({ root, version: wanted, manifest, replace, transport, show: out });
    });
}

function version(text: string): string {
  if (/^v\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a released version such as v2.9.2.");
}
