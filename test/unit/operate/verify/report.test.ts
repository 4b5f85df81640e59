import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { finding, findingKinds } from "../../../../operate/verify/finding.js";
import { junitOf } from "../../../../operate/verify/report/junit.js";
import { sarifOf } from "../../../../operate/verify/report/sarif.js";
import { tablesOf } from "../../../../operate/verify/report/tables.js";
import { checkResults, checks, type Verification } from "../../../../operate/verify/verification.js";
import { sarifSchema } from "../../../support/unit/sarif-schema.js";

const found = [
  finding("binding-foreign", {
    object: 'ClusterRoleBinding "rogue" & <co>',
    owner: { file: "none: made by hand" },
    difference: "gives accounts the ClusterRole cluster-admin\u0007",
    fix: "kubectl delete clusterrolebinding rogue",
  }),
  finding("quota-changed", {
    object: "ResourceQuota a/tenant",
    owner: { tenant: "a", file: "stacks/base/tenants/a.yaml" },
    difference: 'spec.hard.pods is "500" instead of "50"',
    fix: "pulumi up --refresh takes it back",
  }),
];

function verification(findings: readonly ReturnType<typeof finding>[]): Verification {
  const looked = { controllers: 4, objects: 9, admission: 3, access: 5, bounds: 2, gitHub: 0, syncs: 1 };
  return {
    stack: "staging",
    cluster: "https://api.example.com",
    at: "2026-11-27T06:00:00.000Z",
    holds: findings.length === 0,
    checks: checkResults(findings, looked, { gitHub: "--without-github" }),
    matrix: { accounts: 2, namespaces: 2, rights: 6, cells: 36, bindings: 5, reviews: 12 },
    accounts: [],
    keys: [],
    admission: {
      proven: ["fleet-paths"],
      dryRuns: [],
      unproven: [{ policy: "fleet-quota-reserve", reason: "no quota is full" }],
    },
    accepted: ["APIService v1beta1.metrics.k8s.io"],
    unread: ["webhooks of acme/team-a"],
    requests: { cluster: 40, gitHub: 0 },
    seconds: 1.5,
  };
}

/** The names of elements in their order. Fails where a tag is not closed. */
function elements(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, end, name = "", attributes = "", empty] of xml.matchAll(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (end === "/") assert.equal(open.pop(), name, attributes);
    else names.push(name);
    if (end === "" && empty === "") open.push(name);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(xml.replaceAll(/<[^<>]*>/g, ""), /[<>]|&(?!amp;|lt;|gt;|quot;|apos;)/);
  return names;
}

describe("the checks of a verification", () => {
  it("have each kind of finding once: no report would show one of another kind", () => {
    const kinds = Object.values(checks).flatMap((check): readonly string[] => check.kinds);
    assert.deepEqual(kinds.sort(), Object.keys(findingKinds).sort());
  });
});

describe("the reports of a verification", () => {
  it("are JUnit XML with a failure for each finding, and a passed case for each check that holds", () => {
    const names = elements(junitOf(verification(found)).replace(/^<\?xml .*\?>/, ""));
    const count = (name: string) => names.filter((one) => one === name).length;
    assert.deepEqual([count("testsuite"), count("testcase"), count("failure"), count("skipped")], [7, 7, 2, 1]);
    const sound = junitOf(verification([]));
    assert.match(sound, /<testsuites name="fleet verify staging" tests="7" failures="0" time="1.5">/);
    assert.ok(!junitOf(verification(found)).includes("\u0007"));
  });

  it("are SARIF by its schema, with a rule for each kind and a result for each finding", () => {
    const validate = new Ajv({ strict: true, allErrors: true }).compile(sarifSchema);
    for (const findings of [found, []]) {
      const log: unknown = JSON.parse(sarifOf(verification(findings), "0.1.0"));
      assert.ok(validate(log), JSON.stringify(validate.errors));
    }
    const { runs } = JSON.parse(sarifOf(verification(found), "0.1.0")) as {
      readonly runs: readonly [
        {
          readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
          readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
        },
      ];
    };
    const [{ results, tool }] = runs;
    assert.deepEqual(
      results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id),
      results.map(({ ruleId }) => ruleId),
    );
    assert.deepEqual(
      results.map(({ ruleId }) => ruleId),
      ["binding-foreign", "quota-changed"],
    );
  });

  it("are tables with the owner and the fix of each finding, and with the policies that are not proved", () => {
    const tables = tablesOf(verification(found));
    assert.deepEqual(
      tables.map(({ title }) => title),
      ["Stack staging", "Findings", "Proof"],
    );
    assert.deepEqual(tables[1]?.rows[1]?.slice(2), [
      "tenant a (stacks/base/tenants/a.yaml)",
      "Quotas keep one tenant from using up the cluster.",
      "pulumi up --refresh takes it back",
    ]);
    assert.ok(tables[2]?.rows.some(([fact]) => fact === "Not proved: fleet-quota-reserve"));
    assert.deepEqual(tables[2]?.rows.slice(-3, -1), [
      ["Accepted by the call", "APIService v1beta1.metrics.k8s.io"],
      ["Not read", "webhooks of acme/team-a: the token lacks the right"],
    ]);
    assert.equal(tablesOf(verification([])).length, 2);
  });

  it("show text of the cluster as text: no link, and no character that changes the order of a line", () => {
    const hostile = finding("quota-changed", {
      object: "ResourceQuota a/tenant",
      owner: { file: "none: made by hand" },
      difference: 'is "[click](https://evil.example.com)\u202e"',
      fix: "none",
    });
    const text = sarifOf(verification([hostile]), "0.1.0");
    assert.match(text, /\[click\] \(https:/);
    assert.doesNotMatch(text, /\]\(|\u202e/);
  });
});
