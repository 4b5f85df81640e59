import assert from "node:assert/strict";
import { assertProblems, problemLines } from "../../../support/unit/checkout-tree.js";
import { base, defaults, group, inGroup, overlay, syncOf, teamB } from "../../../support/unit/defaults-files.js";

describe("defaults are refused, naming file and line, for", () => {
  it("a group that no file defines, naming the one that was meant", () => {
    assertProblems(
      {
        files: {
          [base]: "name: team-a\ngroup: webb\n",
          "stacks/base/tenants/team-b.yaml": "name: team-b\ngroup: web\n",
          [group]: "",
        },
      },
      /^stacks\/base\/tenants\/team-a\.yaml:2: group: "webb" is no group: there is no stacks\/groups\/webb\.yaml\. Did you mean web\?$/,
    );
    assertProblems(
      { files: inGroup },
      /team-a\.yaml:2: group: "web" is no group: .*\. Create stacks\/groups\/web\.yaml, or remove/,
    );
    assertProblems({ files: { [base]: "name: team-a\ngroup: constructor\n" } }, /"constructor" is no group/);
    assertProblems({ files: { [base]: "name: team-a\ngroup: ../base\n" } }, /is not a DNS label/);
    assertProblems({ files: { [base]: "name: team-a\ngroup: [web]\n" } }, /group: must be a text, but is a list/);
  });

  it("a group that no tenant names", () => {
    assertProblems(
      { files: { [group]: "limits: {size: large}\n" } },
      /^stacks\/groups\/web\.yaml: has no effect: no tenant of stacks\/base\/tenants names the group web\./,
    );
  });

  it("a group in an overlay, and in other defaults", () => {
    const files = { ...inGroup, [group]: "" };
    assertProblems(
      { files: { ...files, [overlay]: "group: web\n" } },
      /^stacks\/staging.*: group: cannot differ between stacks/,
    );
    assertProblems(
      { files: { ...files, [defaults]: "group: web\n" } },
      /^stacks\/staging\/defaults\.yaml:1: group: cannot be a default/,
    );
    assertProblems(
      { files: { ...files, [group]: "group: web\n" } },
      /^stacks\/groups\/web\.yaml:1: group: cannot be a default/,
    );
  });

  it("what is of one tenant alone, once for each field, and not once more for each tenant", () => {
    const own = [
      "name: x",
      "description: x",
      "team: {}",
      "hosts: [a.example.com]",
      "namespace: {name: x}",
      "namespaces: {x: {}}",
      "repositories: {x: {}}",
      "exports: {}",
      "serviceAccounts: {}",
      "syncs: {x: {}}",
      "sync: {dependsOn: [x]}",
      `sync: {ref: {commit: ${"a".repeat(40)}}}`,
      "imageAutomation: {images: {}}",
      "imports: {x: {platform: y, namespace: z}}",
      "notifications: {x: {syncs: [a]}}",
    ];
    for (const text of own) {
      const expected = /: cannot be a default of several tenants, because .*\. Set it in the tenant's own file\.$/;
      const files = { ...inGroup, ...teamB };
      if (!/^(imports|notifications)/.test(text)) {
        assertProblems({ files: { ...files, [group]: "", [defaults]: `${text}\n` } }, expected);
        assertProblems({ files: { ...files, [group]: `${text}\n` } }, expected);
      } else {
        assert.match(problemLines({ files: { ...files, [group]: `${text}\n` } })[0] ?? "", expected);
      }
    }
    for (const text of ["repository: {name: x}", "repository: {existing: true}"]) {
      assertProblems(
        { files: { ...inGroup, [group]: `${text}\n` } },
        /web\.yaml:1: repository\.\w+: cannot be a default/,
      );
    }
  });

  it("a repository's settings in a stack's defaults, since a repository exists once", () => {
    assertProblems(
      { files: { [defaults]: "sync: {}\nrepository: {visibility: internal}\n" } },
      /^stacks\/staging\/defaults\.yaml:2: repository: cannot differ between stacks, because a repository exists once for all of them\. Set it in stacks\/groups\/NAME\.yaml, or in base files\.$/,
    );
  });

  it("unknown fields, wrong types and empty keys, once and not for each tenant", () => {
    const text = "sync: {intervall: 1m, timeout: 5}\nlimits:\nwebhook: yes\n";
    const expected = [
      /:1: sync\.intervall: there is no such field\. Did you mean sync\.interval\?/,
      /:1: sync\.timeout: must be a text, but is the number 5/,
      /:2: limits: has no value/,
      /:3: webhook: must be true or false/,
    ];
    assertProblems({ files: { ...teamB, [defaults]: text } }, ...expected);
    assertProblems({ files: { ...inGroup, ...teamB, [group]: text } }, ...expected);
  });

  it("null in a group, and in a base file without a group", () => {
    assertProblems(
      { files: { ...inGroup, [group]: "sync: {interval: null}\n" } },
      /web\.yaml:1: sync\.interval: must be a text/,
    );
    assertProblems(
      { files: { [base]: "name: team-a\nsync: {interval: null}\n" } },
      /team-a\.yaml:2: sync\.interval: must be a text/,
    );
    assertProblems(
      { files: { ...inGroup, [base]: "name: null\ngroup: web\n", [group]: "" } },
      /team-a\.yaml:1: name: must be a text/,
    );
    assertProblems(
      { files: { [base]: "name: team-a\ngroup: web\nhosts: null\n", [group]: "" } },
      /team-a\.yaml:3: hosts: must be a list, but is empty/,
    );
  });

  it("an entry to be removed that no file before has", () => {
    const labels = (text: string) => `namespace: {labels: {${text}}}\n`;
    assertProblems(
      { files: { [base]: `name: team-a\ngroup: web\n${labels("colr: null")}`, [group]: labels("color: red") } },
      /team-a\.yaml:3: namespace\.labels\.colr: is to be removed, and stacks\/groups\/web\.yaml has no "colr" there\. Did you mean color\?/,
    );
    assertProblems(
      { files: { ...teamB, [defaults]: labels("colr: null"), [base]: `name: team-a\n${labels("color: red")}` } },
      /defaults\.yaml:1: namespace\.labels\.colr: is to be removed, and no tenant of the stack has "colr" there\. Did you mean color\?/,
    );
    assertProblems(
      { files: { [defaults]: labels("color: red"), [overlay]: labels("colr: null") } },
      /team-a\.yaml:1: namespace\.labels\.colr: is to be removed, and no other file of the tenant has "colr" there\. Did you mean color\?/,
    );
    const sound = {
      ...teamB,
      [base]: `name: team-a\n${labels("a: b")}`,
      [defaults]: labels("a: null, c: d"),
      [overlay]: labels("c: null"),
    };
    assert.deepEqual(problemLines({ files: sound }), []);
  });

  it("a default that contradicts an overlay, naming both", () => {
    assertProblems(
      { files: { [defaults]: "sync:\n  ref:\n    branch: release\n", [overlay]: "sync:\n  ref: {tag: v1.0.0}\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:2: sync\.ref: says branch and tag, of which Flux would follow only one; branch: stacks\/staging\/defaults\.yaml:3\. Keep one of them; in an overlay, null takes away what another file says\.$/,
    );
    const withNull = "sync:\n  ref: {branch: null, tag: v1.0.0}\n";
    assert.deepEqual(syncOf({ [defaults]: "sync: {ref: {branch: release}}\n", [overlay]: withNull })?.ref, {
      tag: "v1.0.0",
    });
  });

  it("a value that a tenant cannot have, in the file that says it, with the tenants that it concerns", () => {
    assertProblems(
      { files: { ...teamB, [defaults]: "sync: {}\nwebhook: true\n" } },
      /^stacks\/staging\/defaults\.yaml:2: webhook: needs an address .* \(team-a\)\. .*team-a/,
      /^stacks\/staging\/defaults\.yaml:2: webhook: needs an address .* \(team-b\)\. .*team-b/,
    );
    assertProblems(
      { files: { ...teamB, [defaults]: "network: {ingress: [{namespace: proxy}]}\n" } },
      /^stacks\/staging\/defaults\.yaml:1: network\.ingress\[0\]\.namespace: "proxy" is not in .* \(team-a, team-b\)\./,
    );
    assertProblems(
      { files: { ...inGroup, [group]: "repository:\n  protection: {reviews: 2}\n" } },
      /^stacks\/groups\/web\.yaml:2: repository\.protection\.reviews: is demanded of pull requests.* \(team-a\)\./,
    );
    assertProblems(
      {
        files: { [defaults]: "notifications: {alerts: {secret: slack}}\n" },
        config: { secrets: '{"team-a":{"slack":"x"}}' },
      },
      /^stacks\/staging\/defaults\.yaml:1: notifications\.alerts\.type: is missing \(team-a\)\. Add it\.$/,
    );
  });

  it("a group's rules for a repository that keeps its own settings, with the way out in the base file", () => {
    const files = {
      [base]: "name: team-a\ngroup: web\nrepository: {existing: true}\n",
      [group]: "repository: {protection: {checks: [test]}}\n",
    };
    assertProblems(
      { files },
      /^stacks\/groups\/web\.yaml:1: repository\.protection: cannot be set for an existing repository.* \(team-a\)\. Write null for it in stacks\/base\/tenants\/team-a\.yaml, and set it on GitHub\.$/,
    );
    const withNull = "name: team-a\ngroup: web\nrepository: {existing: true, protection: null}\n";
    assert.deepEqual(problemLines({ files: { ...files, [base]: withNull } }), []);
  });

  it("a namespace's name that null resets to a reserved one", () => {
    assertProblems(
      {
        files: {
          "stacks/base/tenants/kube-team.yaml": "name: kube-team\nnamespace: {name: team}\n",
          "stacks/staging/tenants/kube-team.yaml": "namespace: {name: null}\n",
        },
      },
      /the tenant's name is also its namespace's, and "kube-team" is reserved/,
    );
  });
});
