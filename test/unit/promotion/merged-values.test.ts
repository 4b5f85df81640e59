import assert from "node:assert/strict";
import fc from "fast-check";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { Part } from "../../../promotion/content.js";
import { type GateArgs, judgeUpdate } from "../../../promotion/gate.js";
import { type Proof, parseProof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import { base, contentOf, defaults, group, limited, overlays, proofOf } from "../../support/unit/promoted-files.js";
import { hour, plain, start } from "../../support/unit/promotion-gate.js";
import type { Tree } from "../../support/unit/tree-files.js";

interface Case {
  readonly files: Tree;
  /** Proof of the predecessor. @default - that of an update with the same files */
  readonly proved?: Proof;
  /** Proof of the stack itself. */
  readonly own?: Proof;
  readonly promotion?: GateArgs["promotion"];
  readonly now?: number;
  /** Altered tenants of an update of one tenant, which does not judge the stack's settings. @default - the whole stack */
  readonly altered?: readonly string[];
}

/** The refusals of an update of prod-eu. */
function refusals({ files, own, promotion = plain, now = start + hour, ...others }: Case): string[] {
  const { proved = proofOf(contentOf("staging", files)), altered } = others;
  const predecessor = { stack: "staging", proved };
  const args = {
    stack: "prod-eu",
    promotion,
    content: contentOf("prod-eu", files).filter(({ kind }) => altered === undefined || kind !== "settings"),
    ...{ own, predecessor, now, removed: [], altered },
  };
  return judgeUpdate(args).problems.map(problemLine);
}

/**
 * The digest of the settings of prod-eu that the version of the program without merged values has proved. A new setting that no
 * file uses must not change it: the first update by the new version would ask for everything that the stack runs already.
 */
const provedByOlder = "sha256:d84fb4c94cc5688d232641a4edbe4a39a58f4ae1cb757c8b7f0d7b4a02b43af3";

const refusal = (place: string) =>
  `${place}: the stack staging has never run the tenant team-a with this value: its own files have another one there. Remove the other one from stacks/staging/tenants/team-a.yaml or stacks/staging/defaults.yaml, and run pulumi up on staging. Or choose the value for prod-eu alone, in stacks/prod-eu/tenants/team-a.yaml.`;

describe("promotion refuses a value of a shared file", () => {
  const masks: Readonly<Record<string, readonly [files: Tree, place: string]>> = {
    "that the predecessor's overlay replaces": [
      { ...limited, [overlays.staging]: "limits: {pods: 10}\n" },
      `${base}:3: limits.pods`,
    ],
    "that the predecessor's defaults replace": [
      { ...limited, [defaults.staging]: "limits: {pods: 10}\n" },
      `${base}:3: limits.pods`,
    ],
    "that the predecessor takes back to the default": [
      { ...limited, [overlays.staging]: "limits: {pods: null}\n" },
      `${base}:3: limits.pods`,
    ],
    "of a group": [
      {
        [base]: "name: team-a\ngroup: web\n",
        [group]: "sync: {interval: 7m}\n",
        [overlays.staging]: "sync: {interval: 1m}\n",
      },
      `${group}:1: sync.interval`,
    ],
    "that a base file takes back to the default": [
      {
        [base]: "name: team-a\ngroup: web\nlimits:\n  pods: null\n",
        [group]: "limits: {pods: 33}\n",
        [overlays.staging]: "limits: {pods: 33}\n",
      },
      `${base}:4: limits.pods`,
    ],
    "that a base file takes away from a map": [
      {
        [base]: "name: team-a\ngroup: web\nnamespace:\n  labels:\n    tier: null\n",
        [group]: "namespace: {labels: {tier: web}}\n",
        [overlays.staging]: "namespace: {labels: {tier: web}}\n",
      },
      `${base}:5: namespace.labels.tier`,
    ],
    "by which a default follows that the predecessor replaces": [
      { [base]: "name: team-a\nlimits:\n  size: medium\n", [overlays.staging]: "limits: {cpu: 2}\n" },
      `${base}:3: limits.cpu`,
    ],
    "that is a list": [
      {
        [base]: "name: team-a\nnetwork:\n  egress:\n    - {cidr: 203.0.113.0/24, ports: [443]}\n",
        [overlays.staging]: "network: {egress: []}\n",
      },
      `${base}:3: network.egress`,
    ],
  };
  for (const [name, [files, place]] of Object.entries(masks)) {
    it(name, () => {
      assert.deepEqual(refusals({ files }), [refusal(place)]);
    });
  }

  it("that the comparison of files alone lets pass, which is the attack", () => {
    const files = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const ofFiles = contentOf("prod-eu", files).map(({ merged: _merged, ...part }): Part => part);
    const predecessor = { stack: "staging", proved: proofOf(contentOf("staging", files)) };
    const args = { stack: "prod-eu", promotion: plain, own: undefined, predecessor, now: start + hour, removed: [] };
    assert.deepEqual(judgeUpdate({ ...args, content: ofFiles }).problems, []);
    assert.equal(judgeUpdate({ ...args, content: contentOf("prod-eu", files) }).problems.length, 1);
  });

  it("in an entry that the predecessor removes", () => {
    const files = {
      [base]: "name: team-a\nsyncs:\n  extra:\n    path: ./deploy/extra\n",
      [overlays.staging]: "syncs: {extra: null}\n",
    };
    assert.deepEqual(refusals({ files }), [refusal(`${base}:4: syncs.extra.path`)]);
  });

  it("that was removed, where the predecessor keeps it in its own files", () => {
    const before = { ...limited, [overlays.staging]: "limits: {pods: 33}\n" };
    const after = { ...before, [base]: "name: team-a\n" };
    const proved = proofOf(contentOf("staging", after), proofOf(contentOf("staging", before)), start + 1000);
    const own = proofOf(contentOf("prod-eu", before));
    assert.deepEqual(refusals({ files: after, proved, own }), [refusal(`${base}: limits.pods`)]);
  });

  it("that was removed, where the predecessor keeps it and the stack has no record of values yet", () => {
    const before = { ...limited, [overlays.staging]: "limits: {pods: 33}\n" };
    const after = { ...before, [base]: "name: team-a\n" };
    const proved = proofOf(contentOf("staging", after), proofOf(contentOf("staging", before)), start + 1000);
    const { fields: _fields, ...older } = proofOf(contentOf("prod-eu", before));
    for (const own of [undefined, parseProof(older) as Proof]) {
      assert.deepEqual(refusals({ files: after, proved, ...definedOnly({ own }) }), [refusal(`${base}: limits.pods`)]);
    }
    const followed = { ...after, [overlays.staging]: "{}\n" };
    const again = proofOf(contentOf("staging", followed), proved, start + 2000);
    assert.deepEqual(refusals({ files: followed, proved: again }), []);
  });

  it("that the stack's own overlay does not replace any more, without a change of shared files", () => {
    const masked = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const own = proofOf(contentOf("prod-eu", { ...masked, [overlays.prod]: "limits: {pods: 20}\n" }));
    assert.deepEqual(refusals({ files: masked, own }), [refusal(`${base}:3: limits.pods`)]);
  });

  it("for the soak from the time at which it came into force there, all of them in one sentence", () => {
    const shared = { [base]: "name: team-a\nlimits:\n  pods: 33\n  jobs: 7\n" };
    const masked = { ...shared, [overlays.staging]: "limits: {pods: 10, jobs: 5}\n" };
    const proved = proofOf(contentOf("staging", shared), proofOf(contentOf("staging", masked)), start + hour);
    const [line, ...others] = refusals({
      files: shared,
      proved,
      promotion: { ...plain, soak: "2h" },
      now: start + 2.5 * hour,
    });
    assert.deepEqual(others, []);
    assert.match(
      line ?? "",
      /tenants\/team-a\.yaml:[34]: limits\.\w+: the stack staging has run the tenant team-a with this value of limits\.\w+, limits\.\w+ for 1h 30m, and fleet:soak is 2h/,
    );
  });

  it("that was in force only after the last look of fleet wait", () => {
    const masked = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const promotion = { ...plain, needs: "ready" } as const;
    const look = { revisions: { platform: "main@sha1:1", "team-a/team-a": "main@sha1:1" }, waiting: {} };
    const looked = withLook(proofOf(contentOf("staging", masked)), look, start + 1000);
    const proved = proofOf(contentOf("staging", limited), looked, start + 2000);
    assert.match(
      refusals({ files: limited, proved, promotion }).join("\n"),
      /^\S+:3: limits\.pods: the stack staging has applied the tenant team-a with this value of limits\.pods, and was never Ready with it\. Run npx fleet wait staging/,
    );
    const again = withLook(proved, look, start + 3000);
    assert.deepEqual(refusals({ files: limited, proved: again, promotion }), []);
  });

  it("where the proof of the predecessor is of the older form, and says what to do", () => {
    const { fields: _fields, ...older } = proofOf(contentOf("staging", limited));
    assert.deepEqual(refusals({ files: limited, proved: parseProof(older) as Proof }), [
      `${base}: the record of the stack staging is of an older form, without the merged values of the tenant team-a. Run pulumi up on the stack staging with this version of the program.`,
    ]);
  });

  it("where the stack's own proof is of the older form and any of its files changed", () => {
    const masked = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const { fields: _fields, ...older } = proofOf(contentOf("prod-eu", masked));
    const own = parseProof(older) as Proof;
    assert.deepEqual(refusals({ files: masked, own }), []);
    const changed = { ...masked, [overlays.prod]: "sync: {interval: 9m}\n" };
    assert.deepEqual(refusals({ files: changed, own }), [refusal(`${base}:3: limits.pods`)]);
  });

  it("where the stack's own proof is of the older form and the tenant alone gets other settings", () => {
    const masked = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const { fields: _fields, ...older } = proofOf(contentOf("prod-eu", masked));
    const own = parseProof(older) as Proof;
    assert.deepEqual(refusals({ files: masked, own, altered: ["team-b"] }), []);
    assert.deepEqual(refusals({ files: masked, own, altered: ["team-a"] }), [refusal(`${base}:3: limits.pods`)]);
  });

  it("where an older version of the program wrote the stack's own proof, as long as no file changed", () => {
    const files = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const { fields: _fields, ...older } = proofOf(contentOf("prod-eu", files));
    const own = { ...older, settings: { "2026-01-01T00:00:00Z": provedByOlder } };
    assert.deepEqual(refusals({ files, own: parseProof(own) as Proof }), []);
  });
});

describe("promotion lets pass", () => {
  const passing: Readonly<Record<string, Tree>> = {
    "a value that the predecessor's files repeat": { ...limited, [overlays.staging]: "limits: {pods: 33}\n" },
    "a value that the stack's own overlay chooses": {
      ...limited,
      [overlays.staging]: "limits: {pods: 10}\n",
      [overlays.prod]: "limits: {pods: 50}\n",
    },
    "a limit that follows from the stack's own size": {
      [group]: "limits: {cpu: 3}\n",
      [base]: "name: team-a\ngroup: web\nlimits: {cpu: null}\n",
      [overlays.prod]: "limits: {size: medium}\n",
    },
    "a default that the stack's own defaults choose": {
      ...limited,
      [overlays.staging]: "limits: {pods: 10}\n",
      [defaults.prod]: "limits: {pods: null}\n",
    },
    "a field that no shared file sets, whatever the predecessor has there": {
      ...limited,
      [overlays.staging]: "limits: {cpu: 2}\nsyncs: {extra: {path: ./deploy/extra}}\n",
    },
  };
  for (const [name, files] of Object.entries(passing)) {
    it(name, () => {
      assert.deepEqual(refusals({ files }), []);
    });
  }

  it("the folder that follows from the name of the stack, after a base file named one for all stacks", () => {
    const before = { [base]: "name: team-a\nsync: {path: ./deploy/all}\n" };
    const after = { [base]: "name: team-a\n" };
    const proved = proofOf(contentOf("staging", after), proofOf(contentOf("staging", before)), start + 1000);
    assert.deepEqual(refusals({ files: after, proved, own: proofOf(contentOf("prod-eu", before)) }), []);
  });

  it("a value that the stack runs already, whatever the predecessor has there by now", () => {
    const files = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    assert.deepEqual(refusals({ files, own: proofOf(contentOf("prod-eu", files)) }), []);
  });

  it("a value that the predecessor has run before it replaced it", () => {
    const masked = { ...limited, [overlays.staging]: "limits: {pods: 10}\n" };
    const proved = proofOf(contentOf("staging", masked), proofOf(contentOf("staging", limited)), start + hour);
    assert.deepEqual(refusals({ files: masked, proved, promotion: { ...plain, soak: "1h" } }), []);
  });

  /** Values of three fields in each file. Null takes a value back to the default. */
  const amount = fc.constantFrom(1, 2, null, undefined);
  const fields = fc.record({ pods: amount, jobs: amount, services: amount });
  type Fields = { readonly [Name in "pods" | "jobs" | "services"]?: number | null | undefined };
  const text = (limits: Fields) => {
    const lines = Object.entries(limits).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
    return lines.length === 0 ? "{}\n" : `limits: {${lines.join(", ")}}\n`;
  };
  /** The value of the last file that decides. */
  const lastValue = (name: keyof Fields, ...files: readonly Fields[]) =>
    files.map((file) => file[name]).findLast((value) => value !== undefined) ?? "default";

  it("exactly the values that the predecessor has, or that the stack itself decides", () => {
    const plain = fields.map((all) =>
      Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
    ) as fc.Arbitrary<Fields>;
    const all = fc.tuple(plain, fields, fields, fields, fields, fields);
    fc.assert(
      fc.property(all, ([ofGroup, ofBase, stagingDefaults, staging, prodDefaults, prod]) => {
        const files = {
          [group]: text(ofGroup),
          [base]: `name: team-a\ngroup: web\n${text(ofBase).replace("{}\n", "")}`,
          [defaults.staging]: text(stagingDefaults),
          [overlays.staging]: text(staging),
          [defaults.prod]: text(prodDefaults),
          [overlays.prod]: text(prod),
        };
        const expected = (["pods", "jobs", "services"] as const).filter((name) => {
          const isShared = [ofGroup, ofBase].some((file) => file[name] !== undefined);
          const isOwn = [prodDefaults, prod].some((file) => file[name] !== undefined);
          const ofPredecessor = lastValue(name, ofGroup, ofBase, stagingDefaults, staging);
          return isShared && !isOwn && lastValue(name, ofGroup, ofBase) !== ofPredecessor;
        });
        const refused = refusals({ files }).map((line) => /: limits\.(\w+): /.exec(line)?.[1]);
        assert.deepEqual(refused.sort(), [...expected].sort());
      }),
      { numRuns: 150 },
    );
  });
});
