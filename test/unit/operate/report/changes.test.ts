import assert from "node:assert/strict";
import { changesSince } from "../../../../operate/report/changes.js";
import type { Report, StackReport } from "../../../../operate/report/report.js";
import {
  openProof,
  reportOf,
  rogueFinding,
  soundProof,
  soundStack,
  soundTenant,
} from "../../../support/unit/reports.js";

const texts = (before: Report, after: Report) =>
  changesSince(before, after).changes.map(({ stack, area, subject, before: was = "-", after: is = "-" }) => {
    return `${stack} ${area} ${subject}: ${was} -> ${is}`;
  });

function withCluster(changed: Partial<NonNullable<StackReport["cluster"]>>): StackReport {
  const { cluster, ...stack } = soundStack();
  assert.ok(cluster);
  return { ...stack, cluster: { ...cluster, ...changed } };
}

describe("the changes since an earlier report", () => {
  it("are none of the same state at another time", () => {
    const later = {
      ...reportOf(soundStack({ proof: soundProof({ at: "2026-11-28T10:00:00.000Z", seconds: 9 }) })),
      at: "2026-11-28T10:00:10.000Z",
    };
    assert.deepEqual(changesSince(reportOf(), later), { since: reportOf().at, changes: [], notCompared: [] });
  });

  it("are findings and rights that came, and that went", () => {
    const open = reportOf(soundStack({ proof: openProof() }));
    const right = "staging right payments/reconciler: get secrets in search";
    const finding = "staging finding ClusterRoleBinding rogue (binding-foreign)";
    const difference = "gives accounts of the namespace payments the ClusterRole cluster-admin";
    assert.deepEqual(texts(reportOf(), open), [`${finding}: - -> ${difference}`, `${right}: - -> allowed`]);
    assert.deepEqual(texts(open, reportOf()), [`${finding}: ${difference} -> -`, `${right}: allowed -> -`]);
  });

  it("are tenants, revisions, states, limits, keys and policies", () => {
    const [payments] = [soundTenant("payments")];
    const [sync] = payments.syncs;
    assert.ok(sync);
    const now = withCluster({
      fluxVersion: "v2.9.3",
      controllers: [{ name: "source-controller", ready: false, message: "is scaled to 0 pods" }],
      tenants: [
        {
          ...payments,
          syncs: [{ ...sync, revision: "main@sha1:b702b04a", suspended: "by flux" }],
          quotas: payments.quotas.map((one) => ({ ...one, hard: "4" })),
        },
      ],
    });
    const dryRuns = soundProof().dryRuns.map(({ refusedBy: _, ...run }) => ({ ...run, status: 201 }));
    const keys = [{ place: "acme/team-payments", title: "fleet/staging (read-only)", use: "pushes" }];
    assert.deepEqual(texts(reportOf(), reportOf({ ...now, keys, proof: soundProof({ dryRuns }) })), [
      "staging Flux version: v2.9.2 -> v2.9.3",
      "staging controller source-controller: Ready -> is scaled to 0 pods",
      "staging namespace search: of team-search -> -",
      "staging quota requests.cpu of payments: 2 -> 4",
      "staging quota requests.cpu of search: 2 -> -",
      "staging repository acme/team-search: of team-search -> -",
      "staging revision payments/team-payments: main@sha1:4877c72e -> main@sha1:b702b04a",
      "staging revision search/team-search: main@sha1:4877c72e -> -",
      "staging sync payments/team-payments: Ready -> suspended by flux",
      "staging sync search/team-search: Ready -> -",
      "staging tenant team-search: exists -> -",
      "staging policy fleet-pods: refuses its violation -> accepts its violation",
      "staging key fleet/staging (read-only) of acme/team-payments: reads, since 2026-11-01T10:00:00Z -> pushes, since unknown",
    ]);
  });

  it("are those of each finding and each key, also of several that have one subject", () => {
    const { difference: _, ...drift } = { ...rogueFinding, object: "Deployment flux-system/x", kind: "object-changed" };
    const withFindings = (...differences: readonly string[]) => {
      const findings = differences.map((difference) => ({ ...drift, difference }));
      return reportOf(soundStack({ proof: soundProof({ checks: [{ title: "Objects", looked: 9, findings }] }) }));
    };
    const finding = "staging finding Deployment flux-system/x (object-changed)";
    assert.deepEqual(texts(withFindings("b"), withFindings("a", "b")), [`${finding}: b -> a; b`]);
    assert.deepEqual(texts(withFindings("a", "b"), withFindings("b")), [`${finding}: a; b -> b`]);
    const [key] = soundStack().keys;
    assert.ok(key);
    const second = reportOf(soundStack({ keys: [{ ...key, use: "pushes" }, key] }));
    assert.match(
      texts(reportOf(), second).join(),
      /^staging key [^:]+: reads, since [^>]+> pushes, since .*; reads, since/,
    );
  });

  it("are none of GitHub where a call left it out, and none of a finding that a call accepts", () => {
    const checks = [{ title: "GitHub", looked: 0, skipped: "--without-github", findings: [] }];
    const partial = reportOf(soundStack({ keys: [], proof: soundProof({ checks }) }));
    for (const [before, after, when] of [
      [reportOf(), partial, "now"],
      [partial, reportOf(), "then"],
    ] as const) {
      const { changes, notCompared } = changesSince(before, after);
      assert.deepEqual([changes, notCompared], [[], [`stack staging: GitHub was not read ${when}`]]);
    }
    const webhook = {
      ...rogueFinding,
      kind: "extension-foreign",
      object: "APIService x",
      difference: "no file has it",
    };
    const found = soundProof({ checks: [{ title: "Admission", looked: 9, findings: [webhook] }] });
    const accepted = reportOf(soundStack({ proof: soundProof({ accepted: ["APIService x"] }) }));
    assert.deepEqual(texts(reportOf(soundStack({ proof: found })), accepted), [
      "staging finding APIService x (extension-foreign): no file has it -> accepted by the call",
    ]);
  });

  it("name another cluster of the same stack", () => {
    assert.deepEqual(texts(reportOf(), reportOf(soundStack({ server: "https://other.example.com" }))), [
      "staging cluster API server: https://api.example.com:6443 -> https://other.example.com",
    ]);
  });

  it("are none of a part that was not looked at: it is named", () => {
    const { cluster: _, proof: __, ...silent } = soundStack({ problems: ["no answer"] });
    const { proof: ___, ...unproven } = soundStack();
    const before = reportOf(soundStack(), soundStack({ stack: "prod-eu" }), soundStack({ stack: "old" }));
    const after = reportOf(silent, { ...unproven, stack: "prod-eu" }, soundStack({ stack: "new" }));
    assert.deepEqual(changesSince(before, after), {
      since: before.at,
      changes: [],
      notCompared: [
        "stack staging: its cluster was not read now",
        "stack staging: its isolation was not verified now",
        "stack staging: GitHub was not read now",
        "stack prod-eu: its isolation was not verified now",
        "stack prod-eu: GitHub was not read now",
        "stack new: the earlier report does not have it",
        "stack old: this report does not have it",
      ],
    });
    assert.match(changesSince(after, before).notCompared[0] ?? "", /was not read then/);
  });
});
