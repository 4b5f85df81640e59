import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData } from "../../lib/diagnostics/zod-issues.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import { TEMPLATE_REPOSITORIES } from "../tenant/repositories/scaffolds.js";
import { EXTRA_COMPONENTS } from "./controllers.js";
import { platformRepositoryProblems } from "./platform-repository/checks.js";
import { isPredecessor } from "./promotion-chain.js";
import { type StackConfig, stackConfig } from "./schema.js";

/** Keys whose values are lists or maps, and so may be empty ones; Pulumi hands these over as JSON. */
const structuredKeys = Object.entries(stackConfig.shape)
  .filter(([, field]) => [[], {}].some((empty) => field.safeParse(empty).success))
  .map(([key]) => key);

/** The settings of a stack, as far as they passed the schema: checks that need a broken one are left out. */
export interface StackSettings {
  readonly sound: Partial<StackConfig>;
  readonly broken: ReadonlySet<string>;
}

/** The settings of a stack before they are checked. */
interface ReadConfigArgs {
  readonly stack: string;
  /**
   * Keys without `fleet:`; values as Pulumi gives them (texts, with JSON for lists and maps) or as plain data. An empty text
   * counts as not set, because Pulumi demands a value for every key it knows the type of.
   */
  readonly config: Readonly<Record<string, unknown>>;
  /** Stacks that exist; empty when they could not be listed. */
  readonly stacks: readonly string[];
  /** Whether the stack may leave out the revisions that it follows. @default false */
  readonly allowUnpinned?: boolean | undefined;
}

/**
 * Reads the `fleet:` configuration of a stack. Problems never repeat a value: it could be a secret.
 * @returns `config`, all settings, only when there is no problem
 */
export function readConfig(args: ReadConfigArgs) {
  const file = `Pulumi.${args.stack}.yaml`;
  const problems: Problem[] = [];
  const broken = new Set<string>();
  const decodedSettings: [string, unknown][] = [];
  const report: Report = (key, message, fix) => problems.push({ file, path: `fleet:${key}`, message, fix });
  for (const [key, value] of Object.entries(args.config)) {
    if (value === "" || value === undefined) continue;
    const decoded = structuredKeys.includes(key) && typeof value === "string" ? parseJson(value) : { data: value };
    if ("data" in decoded) {
      decodedSettings.push([key, decoded.data]);
    } else {
      report(key, decoded.fault, "Write it as YAML in the file, or set it with: pulumi config set --path");
      broken.add(key);
    }
  }
  // fromEntries defines keys, so even "__proto__" is a key like any other.
  const data: Record<string, unknown> = Object.fromEntries(decodedSettings);
  const checked = checkData(stackConfig, data, { file, prefix: "fleet:", showValues: false });
  problems.push(...checked.problems);
  const sound = soundSettings(data, broken);
  crossChecks(sound, args.stacks, report);
  if (!broken.has("promotesFrom")) uselessPromotion(sound, report);
  if (!broken.has("platformRevision")) {
    platformRevisionProblems(sound, args, report);
    platformRepositoryProblems(sound, report);
  }
  const config = "value" in checked && problems.length === 0 ? checked.value : undefined;
  return { config, sound, broken, problems };
}

/** The settings that pass the schema; the names of the others are added to `broken`. */
function soundSettings(data: Readonly<Record<string, unknown>>, broken: Set<string>): Partial<StackConfig> {
  const known = stackConfig.strip();
  for (const { path } of known.safeParse(data).error?.issues ?? []) broken.add(String(path[0]));
  const rest = Object.entries(data).filter(([key]) => !broken.has(key));
  const parsed = known.partial({ repositoryOwner: true, fluxVersion: true }).parse(Object.fromEntries(rest));
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => !broken.has(key)));
}

/** JSON.parse without its words: they quote the text, which could be a secret. */
export function parseJson(text: string): { readonly data: unknown } | { readonly fault: string } {
  try {
    return { data: JSON.parse(text) };
  } catch (error) {
    const [, position] = (error instanceof Error && /at position (\d+)/.exec(error.message)) || [];
    return { fault: `is not JSON${position === undefined ? "" : ` (character ${position})`}` };
  }
}

type Report = (key: string, message: string, fix: string) => void;

function crossChecks(settings: Partial<StackConfig>, stacks: readonly string[], report: Report): void {
  const { repositoryOwner, extraComponents, controllers = {}, platformRepository } = settings;
  if (repositoryOwner !== undefined && stacks.length > 0 && !stacks.includes(repositoryOwner)) {
    report("repositoryOwner", "names no stack that has an overlay folder", `Name one of: ${stacks.join(", ")}`);
  }
  const unreadable = stacks.length === 0 ? [] : Object.keys(settings.unreadableStacks ?? {});
  for (const stack of unreadable.filter((one) => !stacks.includes(one))) {
    const fix = didYouMean(nearMatches(stack, stacks), `Remove it, or name one of: ${stacks.join(", ")}`);
    report(`unreadableStacks.${stack}`, "names no stack that has an overlay folder", fix);
  }
  if (extraComponents !== undefined) {
    if (new Set(extraComponents).size < extraComponents.length) {
      report("extraComponents", "names a controller twice", "Keep one of them");
    }
    for (const controller of EXTRA_COMPONENTS) {
      if (!Object.hasOwn(controllers, controller) || extraComponents.includes(controller)) continue;
      report(`controllers.${controller}`, "is set up but not installed", `Add ${controller} to fleet:extraComponents`);
    }
  }
  if (settings.webhookUrl !== undefined && settings.ingressNamespaces?.length === 0) {
    const fix = "List the namespace of the ingress controller that forwards to it in fleet:ingressNamespaces";
    report("webhookUrl", "leads to a receiver that nothing may speak to", fix);
  }
  if (TEMPLATE_REPOSITORIES.includes(platformRepository?.name.toLowerCase() ?? "")) {
    report("platformRepository.name", "is the template of all tenants' repositories already", "Choose another name");
  }
}

/** A stack with a predecessor says which revision of the platform it follows: no push may reach it by default. */
function platformRevisionProblems(
  { promotesFrom, platformRevision = {}, platformRepository }: Partial<StackConfig>,
  { allowUnpinned = false, ...args }: Pick<ReadConfigArgs, "stack" | "stacks" | "allowUnpinned">,
  report: Report,
): void {
  const { commit, branch, tag } = platformRevision;
  const defaultBranch = platformRepository?.defaultBranch ?? "main";
  if (branch !== undefined && branch !== defaultBranch) {
    const fix = `Write ${defaultBranch}, or a commit`;
    report("platformRevision.branch", `is not ${defaultBranch}, the default branch of the platform's repository`, fix);
  }
  if (!isPredecessor(promotesFrom, args) || allowUnpinned || [commit, branch, tag].some(Boolean)) return;
  const message = `is not set, so each push to ${defaultBranch} of the platform's repository would reach this stack before ${promotesFrom} has run it`;
  const pin = `npx fleet promote ${promotesFrom} ${args.stack} --platform`;
  const follow = `pulumi config set --stack ${args.stack} --path fleet:platformRevision.branch ${defaultBranch}`;
  report(
    "platformRevision",
    message,
    `Pin what ${promotesFrom} runs: ${pin}. Or follow the branch on purpose: ${follow}`,
  );
}

/** Settings of promotion that nothing would read. */
function uselessPromotion(settings: Partial<StackConfig>, report: Report): void {
  const { promotesFrom, soak = "0s", freezes = [], promotionNeeds, promotionOverride } = settings;
  if (promotesFrom !== undefined) return;
  const fix = "Name the stack that must run a change before in fleet:promotesFrom, or remove this setting";
  if (durationMilliseconds(soak) !== 0) report("soak", "has no effect without a predecessor", fix);
  if (promotionNeeds === "ready") report("promotionNeeds", "has no effect without a predecessor", fix);
  if (promotionOverride?.reason !== undefined && freezes.length === 0) {
    report("promotionOverride", "has no effect without a predecessor or a freeze", fix);
  }
}
