import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { findStacks } from "../../../../config/files/tenant-files.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { assertProblems, problemLines, withTree } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";

describe("a tenant's files are refused, naming file, line and field, for", () => {
  it("an unknown field, and names the one that was meant", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nsync:\n  intervall: 1m\n" } },
      /^stacks\/base\/tenants\/team-a\.yaml:3: sync\.intervall: there is no such field\. Did you mean sync\.interval\?$/,
    );
  });

  it("an unknown field by its neighbours first, not by what other sections have", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nrepository: {nam: x}\n" } },
      /repository\.nam: there is no such field\. Did you mean repository\.name\?$/,
    );
  });

  it("a field in the wrong place, and names the right one", () => {
    assertProblems(
      { files: { [overlay]: "interval: 1m\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: interval: .*Did you mean sync\.interval/,
    );
  });

  it("a number where a text belongs, and says to quote it", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nnamespace:\n  labels:\n    cost-center: 4711\n" } },
      /team-a\.yaml:4: namespace\.labels\.cost-center: must be a text, but is the number 4711\. Put it in quotes/,
    );
  });

  it("a number where a duration belongs, and says to write its unit", () => {
    for (const [text, place] of [
      ["sync: {interval: 10}", "sync\\.interval"],
      ["sync: {timeout: 300}", "sync\\.timeout"],
      ["syncs: {one: {path: ./one, retryInterval: 1}}", "syncs\\.one\\.retryInterval"],
    ] as const) {
      for (const files of [{ [base]: `name: team-a\n${text}\n` }, { [overlay]: `${text}\n` }]) {
        assertProblems(
          { files },
          new RegExp(`${place}: must be a text, but is the number .*Write its unit too, as in 30s`),
        );
      }
    }
    assertProblems({ config: { platformInterval: 10 } }, /platformInterval: must be a text, .*Write its unit too/);
  });

  it("a yes where true or false belongs", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nsync: {suspend: yes}\n" } },
      /team-a\.yaml:2: sync\.suspend: must be true or false, but is "yes"\. Write true or false/,
    );
  });

  it("a list where a map belongs", () => {
    assertProblems({ files: { [base]: "name: team-a\nsync: []\n" } }, /sync: must be a map, but is a list/);
  });

  it("a list as the whole file", () => {
    assertProblems(
      { files: { [overlay]: "- team-a\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: must be a map, but is a list/,
    );
  });

  it("a section left empty in an overlay, which would silently drop what the base file says", () => {
    assertProblems(
      { files: { [overlay]: "sync:\n" } },
      /staging\/tenants\/team-a\.yaml:1: sync: has no value\. Give it one, or remove the key; in an overlay, null goes/,
    );
    for (const text of [
      "hosts:\n",
      "sync: {interval: }\n",
      "namespace:\n  labels:\n",
      "hosts:\n  - a.example.com\n  -\n",
    ]) {
      assertProblems({ files: { [overlay]: text } }, /has no value\. Give it one/);
    }
    assertProblems({ files: { [overlay]: "team:\n" } }, /team: cannot differ/);
    assertProblems({ files: { [base]: "name: team-a\nsync:\n" } }, /base\/tenants\/team-a\.yaml:2: sync: has no value/);
  });

  it("an entry that an overlay takes out and the base file does not have, naming the one that was meant", () => {
    const declared =
      "name: team-a\nnamespaces: {a-jobs: {labels: {cost-center: a}}}\nnamespace: {labels: {cost-center: a}}\nsyncs: {one: {path: ./one}}\n";
    for (const [text, problem] of [
      [
        "namespaces: {a-job: null}\n",
        /:1: namespaces\.a-job: is to be removed, and stacks\/base\/tenants\/team-a\.yaml has no "a-job" there\. Did you mean a-jobs\?$/,
      ],
      [
        "namespace:\n  labels: {cost-centre: ~}\n",
        /:2: namespace\.labels\.cost-centre: is to be removed, .*Did you mean cost-center\?$/,
      ],
      [
        "namespaces: {a-jobs: {labels: {x: null}}}\n",
        /namespaces\.a-jobs\.labels\.x: is to be removed, .* Remove the line\.$/,
      ],
      ["syncs: {constructor: null}\n", /syncs\.constructor: is to be removed, /],
      ["imports: {search: null}\n", /imports\.search: is to be removed, /],
    ] as const) {
      assertProblems({ files: { [base]: declared, [overlay]: text } }, problem);
    }
    const sound =
      "namespaces: {a-jobs: null}\nnamespace: {labels: {cost-center: null}}\nsyncs: {one: null}\nhosts: null\n";
    assert.deepEqual(problemLines({ files: { [base]: declared, [overlay]: sound } }), []);
  });

  it("a file without a name", () => {
    assertProblems({ files: { [base]: "description: A team\n" } }, /team-a\.yaml:1: name: is missing\. Add it\.$/);
  });

  it("a tenant's name that is no DNS label", () => {
    assertProblems(
      { files: { [base]: "name: Team A\n" } },
      /name: "Team A" is not a DNS label/,
      /name: "Team A" is not the name of the file\. Write name: team-a/,
    );
  });

  it("a file's name that is no DNS label", () => {
    assertProblems(
      { files: { "stacks/base/tenants/Team_B.yaml": "name: team-b\n" } },
      /^stacks\/base\/tenants\/Team_B\.yaml: the tenant's name, which is the file's, is not a DNS label/,
    );
  });

  it("a repository's name that GitHub would change", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nrepository: {name: a team}\n" } },
      /team-a\.yaml:2: repository\.name: "a team" is not a GitHub repository name/,
    );
  });

  it("a label that the platform owns", () => {
    assertProblems(
      { files: { [overlay]: "namespace:\n  labels:\n    pod-security.kubernetes.io/enforce: privileged\n" } },
      /team-a\.yaml:3: namespace\.labels\["pod-security\.kubernetes\.io\/enforce"\]: the key belongs to the platform/,
    );
  });

  it("an interval that would wear out the Git server", () => {
    assertProblems(
      { files: { [overlay]: "sync: {interval: 1s}\n" } },
      /sync\.interval: "1s" is not between 10s and 1h\. Choose one in between: /,
    );
  });

  it("a path that leaves the repository", () => {
    assertProblems({ files: { [overlay]: "sync: {path: ./../other}\n" } }, /sync\.path: .*contains "\.\."/);
  });

  it("a key given twice, naming it and its first line", () => {
    assertProblems(
      { files: { [base]: "name: team-a\ndescription: one\ndescription: two\n" } },
      /^stacks\/base\/tenants\/team-a\.yaml:3: gives the key "description" twice, first on line 2\. Keep one of them\.$/,
    );
    assertProblems(
      { files: { [base]: "name: team-a\nnamespace: {labels: {a: x, 'a': y}}\n" } },
      /team-a\.yaml:2: gives the key "a" twice, first on line 2\./,
    );
  });

  it("tabs, and not for keys that a tab moved into another map", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nsync:\n\tpath: ./a\nnamespace:\n\tpath: ./b\n" } },
      /team-a\.yaml:3: is indented with a tab, which YAML does not allow\. Indent with spaces\.$/,
      /team-a\.yaml:5: is indented with a tab/,
    );
    assertProblems(
      { files: { [base]: "name: team-a\nnamespace:\n\tname: payments\n  labels: {a: b}\nsync: {}\n" } },
      /team-a\.yaml:3: is indented with a tab/,
    );
  });

  it("texts that start with a star, saying that they need quotes", () => {
    for (const hosts of ["[*.pay.example.com]", "\n  - *.pay.example.com"]) {
      assertProblems(
        { files: { [base]: `name: team-a\nhosts: ${hosts}\n` } },
        /:[23]: has the text \*\.pay\.example\.com without quotes, which YAML takes for an alias\. Put it in quotes: "\*\.pay\.example\.com"\.$/,
      );
    }
  });

  it("a star without quotes", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nexports: {api: {to: [*]}}\n" } },
      /team-a\.yaml:2: has a \* without quotes, which YAML takes for an alias\. Put it in quotes: "\*"\.$/,
    );
  });

  it("a colon within a text without quotes", () => {
    assertProblems(
      { files: { [base]: "name: team-a\ndescription: Payments: cards and refunds\n" } },
      /team-a\.yaml:2: has a second colon where YAML reads a value\. Put a text with a colon in quotes/,
    );
  });

  it("a text that starts with a sign of YAML's own", () => {
    assertProblems(
      { files: { [base]: "name: team-a\ndescription: @team\n" } },
      /team-a\.yaml:2: is not YAML: .*@\. Put the text in quotes\.$/,
    );
  });

  it("broken YAML", () => {
    assertProblems({ files: { [base]: "name: [team-a\n" } }, /team-a\.yaml:2: is not YAML: .*Correct the syntax\.$/);
  });

  it("a second document", () => {
    assertProblems({ files: { [base]: "name: team-a\n---\nname: team-b\n" } }, /more than one YAML document/);
  });

  it("tags, which can make something else of a value than what is written", () => {
    for (const value of ["!secret x", "!!timestamp 2001-01-01", "!!binary aGk="]) {
      assertProblems({ files: { [base]: `name: team-a\ndescription: ${value}\n` } }, /:2: uses a YAML tag/);
    }
  });

  it("a key that is a list", () => {
    assertProblems({ files: { [base]: "name: team-a\n? [sync]\n: x\n" } }, /team-a\.yaml:2: is not YAML/);
  });

  it("aliases, however few bytes they take", () => {
    const bomb = `name: team-a\na: &a [x, x]\n${"bcdefgh".replace(/./g, (key) => `${key}: &${key} [*a, *a]\n`)}`;
    const lines = problemLines({ files: { [base]: bomb } });
    assert.ok(lines.length > 0);
    for (const line of lines) assert.match(line, /uses a YAML alias, which is not supported/);
  });

  it("nesting that would end the process", () => {
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    assertProblems({ files: { [base]: `name: team-a\nsync: ${deep}\n` } }, /nests deeper than 32 levels/);
  });

  it("a file longer than anybody wrote by hand", () => {
    assertProblems({ files: { [base]: `name: team-a\n${"#".repeat(70_000)}` } }, /longer than the 65536 bytes/);
  });

  it("a file that is not text", () => {
    assertProblems({ files: { [base]: new Uint8Array([0xff, 0xfe, 0x41]) } }, /is not UTF-8 text/);
  });

  it("a file that ends in .yml and would be passed over", () => {
    assertProblems(
      { files: { "stacks/staging/tenants/team-b.yml": "" } },
      /^stacks\/staging\/tenants\/team-b\.yml: ends in \.yml\. Rename it to team-b\.yaml\.$/,
    );
  });

  it("anything else in a tenants folder", () => {
    assertProblems(
      { files: { "stacks/base/tenants/notes.txt": "", "stacks/base/tenants/old/team-b.yaml": "name: team-b\n" } },
      /stacks\/base\/tenants\/notes\.txt: is not a tenant file/,
      /stacks\/base\/tenants\/old: is not a file/,
    );
  });
});

describe("the folder of a stack", () => {
  it("is refused as a symbolic link: the stack's tenants would be unknown, and their repositories archived", () => {
    withTree({ "stacks/staging/tenants/team-a.yaml": "" }, (root) => {
      symlinkSync(join(root, "stacks", "staging"), join(root, "stacks", "prod-eu"));
      symlinkSync("nowhere", join(root, "stacks", "README.md"));
      const { stacks, problems } = findStacks(root);
      assert.deepEqual(stacks, ["staging"]);
      assert.deepEqual(problems.map(problemLine), [
        "stacks/prod-eu: is a symbolic link, which is not followed. Make it a folder.",
      ]);
    });
  });
});
