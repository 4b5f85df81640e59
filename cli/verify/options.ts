import { type Command, InvalidArgumentError, Option } from "commander";
import { sshAddress } from "../../config/rules/ssh-address.js";

/** The options of commands that verify. */
export interface VerifyOptions {
  readonly withoutGithub: boolean;
  readonly accept: readonly string[];
  readonly maxKeyAge?: number;
  readonly manifests?: string;
  readonly sshAddress?: string;
}

/** The choices that options make for a verification. */
export function choicesOf({ withoutGithub, accept, maxKeyAge, manifests, sshAddress }: VerifyOptions) {
  return { withoutGitHub: withoutGithub, accepted: accept, maxKeyDays: maxKeyAge, manifests, sshAddress };
}

/** `--max-key-age` */
export function maxKeyAgeOption(): Option {
  return new Option("--max-key-age <days>", "oldest age of a deploy key, like 90d").argParser(days);
}

/** `--accept`, repeatable. */
export function acceptOption(): Option {
  const help = 'webhook, mutating policy or API server that is no finding, like "APIService NAME"; repeatable';
  const add = (object: string, before: readonly string[]) => [...before, object];
  return new Option("--accept <object>", help).argParser(add).default([], "none");
}

/** `--manifests` */
export function manifestsOption(): Option {
  const help = "folder with Flux's manifests, as VERSION/install.yaml; others are fetched";
  return new Option("--manifests <folder>", help).env("FLEET_MANIFESTS");
}

/** `--ssh-address` */
export function sshAddressOption(): Option {
  const help = "host and port of GitHub's clone URLs, if they are not those of its pages; with --without-github";
  return new Option("--ssh-address <host:port>", help).argParser((text) => {
    if (sshAddress.check(text) === undefined) return text;
    throw new InvalidArgumentError("Write it like ssh.github.com:443.");
  });
}

/** Ends a command with exit code 2 that has `--ssh-address`, and asks GitHub for the clone URLs all the same. */
export function refuseUnusedAddress(command: Command, { sshAddress: given, withoutGithub }: VerifyOptions): void {
  if (given === undefined || withoutGithub) return;
  command.error("error: --ssh-address needs --without-github: otherwise GitHub says which clone URLs it has.");
}

function days(text: string): number {
  const [, number] = /^(\d{1,5})d$/.exec(text) ?? [];
  if (number !== undefined && Number(number) > 0) return Number(number);
  throw new InvalidArgumentError("It must be a number of days, like 90d.");
}
