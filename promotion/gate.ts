import type { FleetSpec } from "../config/fleet-spec.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { durationMilliseconds } from "../lib/kubernetes/duration.js";
import { instantsOf, utcText } from "../lib/time/local-time.js";
import { describePart, type Part } from "./content.js";
import { fieldProblems } from "./field-refusal.js";
import { leftOutProblems } from "./left-out-refusal.js";
import { tenantOfPart } from "./part-tenant.js";
import { changedParts, type Proof } from "./proof.js";
import { PLATFORM_REVISION } from "./ready.js";
import { refusalOf } from "./refusal.js";
import { removalProblems } from "./removal-refusal.js";
import { describeRemoved, type RemovedPart } from "./removals.js";
import { lengthText, namesText } from "./words.js";

/** The stack that must have run a change before, as far as it could be read. */
export interface Predecessor {
  readonly stack: string;
  /** Undefined when it could not be read, or has none. */
  readonly proved?: Proof | undefined;
  /** Why its outputs could not be read. */
  readonly reason?: string | undefined;
}

/** Everything that decides whether an update may be applied. */
export interface GateArgs {
  readonly stack: string;
  readonly promotion: FleetSpec["promotion"];
  /** The parts that the update would apply. */
  readonly content: readonly Part[];
  /** The tenants and charts that the update would remove. */
  readonly removed: readonly RemovedPart[];
  /**
   * Tenants whose files, settings or connections differ from those that they were last updated with. The settings of the proof
   * are those of the whole stack: an update of one tenant may have given it others since. @default - none
   */
  readonly altered?: readonly string[] | undefined;
  /** The proof of the stack itself. */
  readonly own: Proof | undefined;
  /** Undefined for a stack without `fleet:promotesFrom`. */
  readonly predecessor: Predecessor | undefined;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** An override that lets an update pass. */
export interface Override {
  readonly reason: string;
  /** End of the override, in UTC. */
  readonly until: string;
  /** The refusals that it passes, each in words. */
  readonly passed: readonly string[];
}

/** Whether an update may be applied. */
export interface Verdict {
  /** Why not. Empty when it may be. */
  readonly problems: readonly Problem[];
  /** The override that lets it pass. Undefined when it passes by itself, or not at all. */
  readonly override?: Override | undefined;
}

/**
 * Judges whether an update may be applied: nothing reaches a stack that its predecessor has not run for long enough, and
 * nothing changes during a freeze. A removal counts as a change. A part that is in force on the stack already is no change, so
 * an update without a change always passes, unless the predecessor cannot be read.
 *
 * One tenant that may not be promoted refuses an ordinary update: the program has no older form of a tenant to register in
 * its place. `fleet up --leave-blocked` judges the content without such a tenant, and has the engine keep it as it is.
 */
export function judgeUpdate(args: GateArgs): Verdict {
  const changed = changedParts(args.content, args.own);
  const refusals = [...predecessorProblems(args), ...freezeProblems(args, changed)];
  const { override } = args.promotion;
  if (refusals.length === 0 || override === undefined) return { problems: refusals };
  const end = instantsOf(override.until, override.timeZone)?.earliest ?? 0;
  const longest = durationMilliseconds(args.promotion.longestOverride) ?? 0;
  if (end - args.now > longest) {
    const message = `ends in ${lengthText(end - args.now)}, and fleet:longestOverride is ${args.promotion.longestOverride}, so it lets nothing pass`;
    const path = "fleet:promotionOverride.until";
    const fix = `Write an end that is at most ${lengthText(longest)} away`;
    return { problems: [...refusals, { file: fileOf(args), path, message, fix }] };
  }
  if (args.now < end) {
    const passed = refusals.map(({ message }) => message);
    return { problems: [], override: { reason: override.reason, until: utcText(end), passed } };
  }
  const message = `ended at ${utcText(end)}, so it lets nothing pass`;
  const path = "fleet:promotionOverride.until";
  const ended = { file: fileOf(args), path, message, fix: "Remove fleet:promotionOverride, or write a later end" };
  return { problems: [...refusals, ended] };
}

function fileOf({ stack }: GateArgs): string {
  return `Pulumi.${stack}.yaml`;
}

function predecessorProblems(args: GateArgs): Problem[] {
  const { stack: target, predecessor, promotion, now } = args;
  if (predecessor === undefined) return [];
  const { stack, proved, reason } = predecessor;
  const setting = { file: fileOf(args), path: "fleet:promotesFrom" };
  if (reason !== undefined) {
    const message = `the outputs of the stack ${stack} could not be read (${reason}), so it is unknown what it has run`;
    const fix = `Use the backend of that stack, and run pulumi up on it first. In an emergency, set fleet:promotionOverride`;
    return [{ ...setting, message, fix }];
  }
  if (proved === undefined) {
    const message = `the stack ${stack} has no output that says what it has run`;
    return [{ ...setting, message, fix: `Run pulumi up on the stack ${stack} with this version of the program` }];
  }
  const rules = { stack, target, proved, promotion, now };
  const ofContent = contentProblems(args).flatMap(({ problems }) => problems);
  return [...ofContent, ...args.removed.flatMap((part) => removalProblems(part, rules))];
}

/** The reasons why the predecessor holds back each part. None without a predecessor that has a proof. */
export function contentProblems(args: GateArgs): readonly { readonly part: Part; readonly problems: Problem[] }[] {
  const { stack: target, predecessor, promotion, now, own } = args;
  const { stack = "", proved } = predecessor ?? {};
  if (proved === undefined) return [];
  const rules = { stack, target, proved, promotion, now };
  const changed = changedParts(args.content, own);
  const areSettingsSame = !changed.some(({ kind }) => kind === "settings");
  // An update of one tenant has no such part: the digest of the tenant says whether it gets other settings.
  const areSettingsJudged = args.content.some(({ kind }) => kind === "settings");
  const isAltered = ({ name }: Part) => !areSettingsJudged && args.altered?.includes(name) === true;
  const isNewProgram = changed.some(({ kind }) => kind === "flux" || kind === "program");
  return args.content.map((part) => {
    const isChanged = changed.includes(part);
    const isOwn = part.kind === "settings" || part.kind === "elsewhere";
    const refusal = isChanged && !isOwn ? refusalOf(part, rules) : undefined;
    const { file, line, path } = part;
    const ofPart =
      refusal === undefined
        ? leftOutProblems(part, { stack, proved, own, isNewProgram })
        : [{ file, line, path, ...refusal }];
    const isRefused = refusal !== undefined;
    const areFilesSame = areSettingsSame && !isChanged && !isAltered(part);
    return { part, problems: [...ofPart, ...fieldProblems(part, { ...rules, own, areFilesSame, isRefused })] };
  });
}

function freezeProblems(args: GateArgs, changed: readonly Part[]): Problem[] {
  const removals = args.removed.map((part) => `the removal of ${describeRemoved(part)}`);
  const names = [...changed.map(describePart), ...alteredAlone(args, changed), ...removals].join(", ");
  if (names === "") return [];
  return args.promotion.freezes.flatMap(({ from, until, reason, timeZone }, index) => {
    // Of an hour that comes twice, both are part of the freeze.
    const start = instantsOf(from, timeZone)?.earliest ?? 0;
    const end = instantsOf(until, timeZone)?.latest ?? 0;
    if (args.now < start || args.now >= end) return [];
    const message = `nothing may change until ${until} ${timeZone} (${reason}), and this update changes ${names}`;
    const fix = "Wait for the end, or set fleet:promotionOverride with a reason";
    return [{ file: fileOf(args), path: `fleet:freezes[${index}]`, message, fix }];
  });
}

/**
 * Altered tenants in words, without those that a changed part names already. The digest of each tenant has the settings, Flux's
 * version and the platform's revision, so a change of these alters all of them.
 */
function alteredAlone({ altered = [], removed, content }: GateArgs, changed: readonly Part[]): string[] {
  if (changed.some(altersAll)) return [];
  const isElsewhereChanged = changed.some(({ kind }) => kind === "elsewhere");
  const named = new Set([...changed.map(tenantOfPart), ...removed.map(({ name }) => name)]);
  const here = new Set(content.map(tenantOfPart));
  const alone = altered.filter((name) => !named.has(name) && (here.has(name) || !isElsewhereChanged));
  if (alone.length === 0) return [];
  return [`the settings or connections of the ${alone.length === 1 ? "tenant" : "tenants"} ${namesText(alone)}`];
}

function altersAll({ kind, name }: Part): boolean {
  return ["settings", "program", "flux"].includes(kind) || (kind === "revision" && name === PLATFORM_REVISION);
}
