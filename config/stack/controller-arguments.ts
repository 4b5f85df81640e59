import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import { demand, hintOf, refuse, ruleOf } from "../rules/rule.js";

const lockdown = "the hardening sets it";
const address = "the program sets it, and the probes, services and network policies rely on it";

/**
 * Flags of the Flux controllers that the program sets itself, with the reason why a stack may not. Of a repeated flag the
 * last one wins, so an argument from a stack's configuration could undo the lockdown without any sign of it.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
const ownedFlags: ReadonlyMap<string, string> = new Map([
  ["no-cross-namespace-refs", lockdown],
  ["no-remote-bases", lockdown],
  ["default-service-account", lockdown],
  ["default-kubeconfig-service-account", lockdown],
  ["default-decryption-service-account", lockdown],
  ["watch-all-namespaces", "tenants live in many namespaces"],
  ["watch-label-selector", "tenants outside the selector would no longer be synced"],
  ["watch-configs-label-selector", "the controller would no longer see changes of its configuration"],
  ["enable-leader-election", "two controllers at work at once would undo each other's changes"],
  ["log-level", "fleet:logLevel sets it for all controllers"],
  ["log-encoding", "the program sets it"],
  ["events-addr", address],
  ["metrics-addr", address],
  ["health-addr", address],
  ["storage-path", address],
  ["storage-addr", address],
  ["storage-adv-addr", address],
]);

/**
 * Flags that a stack may set: amounts, times and formats of one controller. All others are refused, because a flag may
 * weaken what separates tenants. `--sops-age-secret` is an example: every tenant could have a Secret decrypted that was
 * encrypted for another.
 */
const tunableFlags: readonly string[] = [
  ...["artifact-digest-algo", "artifact-retention-records", "artifact-retention-ttl"],
  ...["concurrent", "concurrent-ssa", "export-http-path-metrics", "feature-gates", "gc-interval"],
  ...["graceful-shutdown-timeout", "helm-cache-max-size", "helm-cache-purge-interval", "helm-cache-ttl"],
  ...["helm-chart-file-max-size", "helm-chart-max-size", "helm-index-max-size", "http-retry", "http-timeout"],
  ...["interval-jitter-percentage", "kube-api-burst", "kube-api-qps", "leader-election-lease-duration"],
  ...["leader-election-release-on-cancel", "leader-election-renew-deadline", "leader-election-retry-period"],
  ...["max-retry-delay", "min-retry-delay", "oom-watch-interval", "oom-watch-memory-threshold", "override-manager"],
  ...["rate-limit-interval", "requeue-dependency", "snapshot-digest-algo", "ssh-hostkey-algos", "ssh-kex-algos"],
  ...["storage-compression-threshold", "storage-value-log-file-size", "token-cache-max-duration"],
  "token-cache-max-size",
];

/** Name of the flag that an argument sets: `--concurrent=8` sets `concurrent`. */
export function flagName(argument: string): string {
  return argument.replace(/^--/, "").replace(/=.*$/s, "");
}

/**
 * One extra argument of a controller. The value must follow a `=`: a flag that expects a value and has none takes the
 * next argument as its value, which could be one of the hardening.
 */
export const controllerArgument = ruleOf(
  { pattern: "^--[a-z][-a-z0-9]*=", hint: hintOf("of the form --FLAG=VALUE") },
  demand(
    /^--[a-z][-a-z0-9]*=/,
    "is not of the form --FLAG=VALUE",
    "Write the value after a =, or the flag could take the next argument as its value",
  ),
  (value) => {
    const flag = flagName(value);
    const fix = "Remove it: of a flag that is given twice the last one wins, so it could undo what the program sets";
    if (flag.startsWith("insecure-")) return { message: `--${flag} weakens the controller`, fix };
    const reason = ownedFlags.get(flag);
    if (reason !== undefined) return { message: `--${flag} is not for a stack to set: ${reason}`, fix };
    if (tunableFlags.includes(flag)) return undefined;
    const otherwise = `Remove it; a stack may set ${tunableFlags.map((one) => `--${one}`).join(", ")}`;
    return {
      message: `--${flag} is not among the flags that are known to leave tenants separate`,
      fix: didYouMean(nearMatches(flag, tunableFlags), otherwise),
    };
  },
  refuse(
    /^--feature-gates=(.*,)?AllowDNSLookups=(?!false)/,
    "lets charts of tenants look up names, by which they find Services of others and send data out",
    "Remove the feature gate AllowDNSLookups",
  ),
);
