import type { StackConfig } from "../schema.js";
import type { PlatformRepositoryConfig } from "./schema.js";

/** Reports a problem of a setting: its key without `fleet:`, the message and the remedy. */
type Report = (key: string, message: string, fix: string) => void;

/** The problems of the protection of the platform's repository, of its owners, and of the signatures that it needs. */
export function platformRepositoryProblems(
  { platformRepository, platformRevision }: Partial<StackConfig>,
  report: Report,
) {
  if (platformRepository === undefined) return;
  protectionProblems(platformRepository, report);
  ownerProblems(platformRepository, report);
  const { verify } = platformRepository;
  if (platformRevision?.tag !== undefined && verify === undefined) {
    const message = "can be moved by every account that may push, and Flux applies it as cluster-admin";
    const fix = "Pin a commit, or have Flux demand signatures by fleet:platformRepository.verify";
    report("platformRevision.tag", message, fix);
  }
  if (verify === undefined || verify.mode === "HEAD" || platformRevision?.tag !== undefined) return;
  const message = `is ${verify.mode}, and the stack follows no tag whose signature Flux could verify`;
  const fix = "Name a tag in fleet:platformRevision.tag, or write HEAD for the signature of the commit";
  report("platformRepository.verify.mode", message, fix);
}

/** Flux applies this branch as cluster-admin, so that less protection than the default needs a reason. */
function protectionProblems({ protection, rules }: PlatformRepositoryConfig, report: Report): void {
  const { enabled, pullRequest, reviews, codeOwners, checks, reason } = protection;
  const less = {
    enabled: !enabled,
    pullRequest: !pullRequest,
    reviews: reviews < 1,
    codeOwners: !codeOwners,
  };
  const fields = Object.entries(less).flatMap(([field, isLess]) => (isLess ? [field] : []));
  if (reason === undefined) {
    const message = "protects the repository less, from which Flux applies everything as cluster-admin";
    const fix = "Remove it, or give the reason in fleet:platformRepository.protection.reason";
    for (const field of fields) report(`platformRepository.protection.${field}`, message, fix);
  } else if (fields.length === 0) {
    const message = "gives a reason for less, and nothing is less than the default";
    report("platformRepository.protection.reason", message, "Remove it");
  }
  if (enabled) return;
  const message = "is demanded of a branch that is not protected at all (enabled: false)";
  const demands = { "protection.checks": checks.length > 0, rules: rules !== undefined };
  for (const [field, isSet] of Object.entries(demands)) {
    if (isSet) report(`platformRepository.${field}`, message, "Remove one of the two");
  }
}

function ownerProblems({ owners, protection }: PlatformRepositoryConfig, report: Report): void {
  const { platform, security } = owners;
  if (platform.length === 0 && security.length > 0) {
    const message = "names owners of a part, and owners.platform names none of the rest";
    report("platformRepository.owners.security", message, "Name the owners of everything in owners.platform");
  }
  const asksThem = protection.enabled && protection.pullRequest && protection.codeOwners;
  if (platform.length === 0 || asksThem) return;
  const message = "names owners whose approval nothing asks for";
  report("platformRepository.owners.platform", message, "Demand it by protection.codeOwners, or remove the owners");
}
