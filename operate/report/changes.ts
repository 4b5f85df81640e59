import { isDeviation } from "../access/matrix.js";
import { checks } from "../verify/verification.js";
import { isPartial } from "./outcome.js";
import type { Proof, Report, StackReport } from "./report.js";

/** A difference between two reports. */
export interface Change {
  readonly stack: string;
  /** The kind of fact: `finding`, `right`, `sync`. */
  readonly area: string;
  readonly subject: string;
  /** @default - the earlier report does not have it */
  readonly before?: string;
  /** @default - this report does not have it */
  readonly after?: string;
}

/** The differences of a report from an earlier one. */
export interface Changes {
  /** Time of the earlier report, ISO 8601. */
  readonly since: string;
  readonly changes: readonly Change[];
  /** Parts that cannot be compared, with the reason. */
  readonly notCompared: readonly string[];
}

/** The facts of a stack: area and subject → value. */
type Facts = ReadonlyMap<string, Fact>;

interface Fact {
  readonly area: string;
  readonly subject: string;
  readonly value: string;
}

/** Compares a report with an earlier one. A part that one of them could not look at is named, and not compared. */
export function changesSince(earlier: Report, report: Report): Changes {
  const changes: Change[] = [];
  const notCompared: string[] = [];
  for (const now of report.stacks) {
    const before = earlier.stacks.find(({ stack }) => stack === now.stack);
    if (before === undefined) {
      notCompared.push(`stack ${now.stack}: the earlier report does not have it`);
      continue;
    }
    const parts = [
      {
        name: "its cluster was not read",
        facts: clusterFacts,
        isThere: ({ cluster }: StackReport) => cluster !== undefined,
      },
      {
        name: "its isolation was not verified",
        facts: proofFacts,
        isThere: ({ proof }: StackReport) => proof !== undefined,
      },
      {
        name: "GitHub was not read",
        facts: gitHubFacts,
        isThere: ({ proof }: StackReport) => proof !== undefined && !isPartial(proof),
      },
    ];
    for (const { name, facts, isThere } of parts) {
      const missing = isThere(before) ? (isThere(now) ? undefined : "now") : "then";
      if (missing === undefined) changes.push(...compare(now.stack, facts(before), facts(now)));
      else notCompared.push(`stack ${now.stack}: ${name} ${missing}`);
    }
  }
  const names = new Set(report.stacks.map(({ stack }) => stack));
  const left = earlier.stacks.filter(({ stack }) => !names.has(stack));
  return {
    since: earlier.at,
    changes,
    notCompared: [...notCompared, ...left.map(({ stack }) => `stack ${stack}: this report does not have it`)],
  };
}

function compare(stack: string, before: Facts, after: Facts): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key): Change[] => {
    const [was, is] = [before.get(key), after.get(key)];
    const fact = is ?? was;
    if (fact === undefined || was?.value === is?.value) return [];
    const { area, subject } = fact;
    return [{ stack, area, subject, ...(was && { before: was.value }), ...(is && { after: is.value }) }];
  });
}

/** Facts by area and subject. Several about one subject, such as two keys with one title, are one fact with all values. */
function factsOf(facts: readonly (readonly [area: string, subject: string, value: string])[]): Facts {
  const found = new Map<string, Fact & { readonly values: readonly string[] }>();
  for (const [area, subject, value] of facts) {
    const key = JSON.stringify([area, subject]);
    const values = [...(found.get(key)?.values ?? []), value].sort();
    found.set(key, { area, subject, values, value: values.join("; ") });
  }
  return found;
}

/** Whether a key is a Secret on the cluster. The others are deploy keys at GitHub, as `ORGANISATION/REPOSITORY`. */
function isOnCluster({ place }: StackReport["keys"][number]): boolean {
  return !place.includes("/");
}

function keyFacts(keys: StackReport["keys"]) {
  return keys.map(({ place, title, use, since }) => {
    return ["key", `${title} of ${place}`, `${use}, since ${since ?? "unknown"}`] as const;
  });
}

function clusterFacts({ cluster, keys, server = "unknown" }: StackReport): Facts {
  if (cluster === undefined) return new Map();
  const { fluxVersion, controllers, infrastructure, tenants } = cluster;
  const stateText = (ready: boolean, message = "not Ready") => (ready ? "Ready" : message);
  return factsOf([
    ["cluster", "API server", server],
    ["Flux", "version", fluxVersion],
    ...controllers.map((one) => ["controller", one.name, stateText(one.ready, one.message)] as const),
    ...infrastructure.map((one) => ["infrastructure", one.name, stateText(one.ready, one.message)] as const),
    ...tenants.flatMap(({ name, namespaces, repositories, syncs, quotas }) => [
      ["tenant", name, "exists"] as const,
      ...namespaces.map((one) => ["namespace", one, `of ${name}`] as const),
      ...repositories.map((one) => ["repository", one, `of ${name}`] as const),
      ...syncs.flatMap(({ namespace, name: sync, ready, suspended, revision = "none", messages }) => [
        [
          "sync",
          `${namespace}/${sync}`,
          suspended === undefined ? stateText(ready, messages[0]) : `suspended ${suspended}`,
        ] as const,
        ["revision", `${namespace}/${sync}`, revision] as const,
      ]),
      ...quotas.map(({ namespace, resource, hard }) => ["quota", `${resource} of ${namespace}`, hard] as const),
    ]),
    ...keyFacts(keys.filter(isOnCluster)),
  ]);
}

function proofFacts({ proof }: StackReport): Facts {
  if (proof === undefined) return new Map();
  return factsOf([
    ...findingFacts(proof, (one) => !isOfGitHub(one)),
    // A finding that a call accepts is not gone.
    ...proof.accepted.map((object) => ["finding", `${object} (extension-foreign)`, "accepted by the call"] as const),
    ...proof.dryRuns.map(({ policy, refusedBy, status }) => {
      return [
        "policy",
        policy,
        refusedBy === policy ? "refuses its violation" : dryRunText(refusedBy, status),
      ] as const;
    }),
    ...rightFacts(proof),
  ]);
}

/** The findings and keys of GitHub, which a verification may leave out. */
function gitHubFacts({ proof, keys }: StackReport): Facts {
  if (proof === undefined) return new Map();
  return factsOf([...findingFacts(proof, isOfGitHub), ...keyFacts(keys.filter((one) => !isOnCluster(one)))]);
}

type ReportedFinding = Proof["checks"][number]["findings"][number];

const gitHubKinds: readonly string[] = checks.gitHub.kinds;

function isOfGitHub({ kind }: ReportedFinding): boolean {
  return gitHubKinds.includes(kind);
}

function findingFacts({ checks: all }: Proof, isOne: (found: ReportedFinding) => boolean) {
  return all
    .flatMap(({ findings }) => findings.filter(isOne))
    .map(({ kind, object, difference }) => ["finding", `${object} (${kind})`, difference] as const);
}

function dryRunText(refusedBy: string | undefined, status: number): string {
  if (refusedBy !== undefined) return `not proved: ${refusedBy} refuses first`;
  return status < 300 ? "accepts its violation" : `not proved: status ${status}`;
}

/** The rights that accounts have, and those that they lack although the plan gives them. */
function rightFacts({ accounts }: Proof): (readonly [string, string, string])[] {
  return accounts.flatMap(({ account, cells }) =>
    cells
      .filter((one) => one.found || isDeviation(one))
      .map(({ right, namespace, found }) => {
        const place = namespace === undefined ? "in the whole cluster" : `in ${namespace}`;
        return ["right", `${account}: ${right} ${place}`, found ? "allowed" : "missing"] as const;
      }),
  );
}
