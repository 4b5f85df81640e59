import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { Part } from "../../../promotion/content.js";
import { type GateArgs, judgeUpdate, type Predecessor } from "../../../promotion/gate.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import type { ReadyLook } from "../../../promotion/ready.js";
import { removedParts } from "../../../promotion/removals.js";

/** The time of the first update. */
export const start = Date.UTC(2026, 0, 1);
/** In milliseconds. */
export const hour = 3_600_000;

/** The parts of a stack with two tenants. @param values other values than "1", by kind and name */
export function content(values: Readonly<Record<string, string>> = {}): readonly Part[] {
  const part = (kind: Part["kind"], name: string, file: string): Part => {
    return { kind, name, value: values[`${kind} ${name}`.trim()] ?? "1", file, path: "" };
  };
  return [
    part("flux", "", "Pulumi.prod.yaml"),
    part("program", "", "index.ts"),
    part("tenant", "team-a", "stacks/base/tenants/team-a.yaml"),
    part("tenant", "team-b", "stacks/base/tenants/team-b.yaml"),
    part("chart", "HelmRelease x/y", "fleet/y.yaml"),
    part("settings", "", "Pulumi.prod.yaml"),
  ];
}

/** The proof of an update. @param before the proof before it */
export function proofOf(parts: readonly Part[], now = start, before?: Proof): Proof {
  return nextProof({ before, content: parts, now });
}

/** Staging with a proof, as the stack that another one follows. */
export function staging(proved: Proof | undefined): Predecessor {
  return { stack: "staging", proved };
}

/** A stack that follows staging without a soak, and needs nothing to be Ready. */
export const plain: GateArgs["promotion"] = {
  from: "staging",
  needs: "applied",
  soak: "0s",
  freezes: [],
  longestOverride: "2160h",
};

/** The same, and staging must have been Ready. */
export const needsReady = { ...plain, needs: "ready" } as const;

/** The refusals of an update of prod, an hour after the start. */
export function refusals(args: Partial<GateArgs>): string[] {
  return judge(args).problems.map(problemLine);
}

/** The verdict on it. */
export function judge(args: Partial<GateArgs>) {
  const defaults = { stack: "prod", promotion: plain, content: content(), own: undefined };
  const all = { ...defaults, predecessor: staging(proofOf(content())), now: start + hour, ...args };
  return judgeUpdate({ removed: removedParts(all.content, all.own), ...all });
}

/** Commits that sources of staging run. */
export const [commit, older, newer] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];

/** A look at staging. @param waiting sources that are not Ready, in Flux's words */
export function look(revision: string, waiting: ReadyLook["waiting"] = {}): ReadyLook {
  const revisions = Object.entries({
    platform: `main@sha1:${revision}`,
    "team-a/team-a": `main@sha1:${revision}`,
    "team-b/team-b": `refs/tags/v1.4.2@sha1:${revision}`,
  });
  return { revisions: Object.fromEntries(revisions.filter(([name]) => !Object.hasOwn(waiting, name))), waiting };
}

/** The pin of a source in prod's files. */
export function pin(name: string, value: string): Part {
  return { kind: "revision", name, value, file: "stacks/prod/tenants/team-a.yaml", path: "sync.ref" };
}
