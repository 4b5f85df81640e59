import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Entry } from "../../../../review/document/document.js";
import { type OutputForm, printers } from "../../../../review/document/print.js";
import { printWithin } from "../../../../review/document/print-within.js";
import { review } from "../../../../review/document/review.js";
import { type PlannedResource, type StackPlan, secretMark } from "../../../../review/planned-resource.js";
import { onGitHub, planned, planOf } from "../../../support/unit/plans.js";

const forms: readonly OutputForm[] = ["markdown", "text", "json"];

/** The objects of one tenant, whose namespace may have another name. */
function tenant(
  name: string,
  { cpu = "4", namespace = name, level = "restricted", token = "1" } = {},
): PlannedResource[] {
  const own = { tenant: name };
  const labels = { "pod-security.kubernetes.io/enforce": level };
  return [
    planned("core/v1:Namespace", { name: namespace, labels }, {}, own),
    planned("core/v1:ResourceQuota", { name: "tenant", namespace }, { spec: { hard: { "limits.cpu": cpu } } }, own),
    planned("core/v1:Secret", { name: "token", namespace }, { data: secretMark(`mark-${token}`) }, own),
    onGitHub("Repository", `${name}-repository`, { name, visibility: "private" }, { ...own, retainOnDelete: true }),
  ];
}

function onStack(stack: string, ...tenants: readonly PlannedResource[][]): StackPlan {
  const names = tenants.flatMap(([first]) => first?.tenant ?? []);
  return planOf(tenants.flat(), { stack, tenants: names });
}

/** The document of a change of stacks: for each the plan before and after. */
function documentOf(...stacks: readonly (readonly [before: StackPlan | undefined, after: StackPlan | undefined])[]) {
  const plans = stacks.map(([before, after]) => ({ stack: (before ?? after)?.stack ?? "", before, after }));
  return review({ base: "main (1234567)", head: "working tree (89abcde)", stacks: plans });
}

describe("the document of a change", () => {
  it("of equal plans has no entry", () => {
    const document = documentOf([onStack("staging", tenant("a")), onStack("staging", tenant("a"))]);
    assert.deepEqual(document.entries, []);
    assert.match(printers.text(document), /No stack registers anything else than before\./);
  });

  it("has one entry for the same change of all tenants on all stacks, and lists them", () => {
    const names = ["a", "b", "c"];
    const plans = (cpu: string) => (stack: string) =>
      onStack(stack, ...names.map((name) => tenant(name, { cpu, namespace: name === "c" ? "cc" : name })));
    const [former, changed] = [plans("4"), plans("8")];
    const document = documentOf([former("eu"), changed("eu")], [former("us"), changed("us")]);
    assert.deepEqual(
      document.entries.map(({ section, targets }) => [section, targets.length]),
      [
        ["privileges", 6],
        ["tenants", 6],
      ],
    );
    assert.match(
      printers.text(document),
      /Gained: quota TENANT\/tenant raised: limits\.cpu from 4 to 8, for 3 tenants \(a, b, c\) on eu, us\n/,
    );
  });

  it("keeps two changes of one tenant apart that differ by a name of the tenant only", () => {
    const two = (level: string) => [...tenant("a", { level }), ...tenant("a", { namespace: "a-a", level })];
    const document = documentOf([onStack("eu", two("restricted")), onStack("eu", two("baseline"))]);
    const text = printers.text(document);
    for (const name of ["a", "a-a"]) assert.ok(text.includes(`Pod Security of ${name} lowered to baseline`), text);
  });

  it("tells a secret that changes, and neither its value nor its mark", () => {
    const plan = (token: string) => onStack("eu", tenant("a", { token }));
    const document = documentOf([plan("one"), plan("two")]);
    for (const form of forms) {
      const text = printers[form](document);
      assert.match(text, /another secret/);
      assert.doesNotMatch(text, /mark-/);
    }
  });

  it("has one entry for a new tenant, a removed one, a new stack and a removed one", () => {
    const document = documentOf(
      [onStack("eu", tenant("old"), tenant("b")), onStack("eu", tenant("b"), tenant("new"))],
      [undefined, onStack("us", tenant("a"))],
      [onStack("asia", tenant("a")), undefined],
    );
    assert.deepEqual(
      document.entries.map(({ section, targets: [target] }) => [section, target]),
      [
        ["losses", { stack: "asia" }],
        ["losses", { stack: "eu", tenant: "old" }],
        ["privileges", { stack: "us" }],
        ["privileges", { stack: "eu", tenant: "new" }],
      ],
    );
    assert.match(printers.text(document), /tenant old is removed; namespaces old are deleted with everything in them/);
  });

  it("tells no loss of a repository that another stack takes over, and one of any other", () => {
    const [namespaces, both] = [tenant("a").slice(0, 3), tenant("a")];
    const handedOver = documentOf(
      [onStack("eu", both), onStack("eu", namespaces)],
      [onStack("us", namespaces), onStack("us", both)],
    );
    assert.deepEqual(
      handedOver.entries.map(({ section, targets: [target] }) => [section, target?.stack]),
      [["tenants", "us"]],
    );
    const lost = documentOf(
      [onStack("eu", both), onStack("eu", namespaces)],
      [onStack("us", both), onStack("us", both)],
    );
    assert.equal(lost.entries[0]?.section, "losses");
  });

  it("shows no value as Markdown, HTML, a person or a hidden character", () => {
    const bad = "`` @octocat <img src=x> \u202E\u0007\n```\n# heading";
    const of = (value: string) =>
      onStack("eu", [planned("core/v1:ConfigMap", { name: "a", labels: { bad: value } }, {}, { tenant: "a" })]);
    const text = printers.markdown(documentOf([of("x"), of(bad)]));
    assert.match(
      text,
      /\n````diff\n metadata\.labels\.bad\n-x\n\+`` @octocat <img src=x> \\u\{202e\}\\u\{7\}\n\+```\n\+# heading\n````\n/,
    );
  });

  it("shows characters that look like nothing or like a space as escapes", () => {
    const of = (value: string) =>
      onStack("eu", [planned("core/v1:ConfigMap", { name: "a", labels: { bad: value } }, {}, { tenant: "a" })]);
    const document = documentOf([of("x"), of("y\u00A0\u3164\uFE0F\u2800z")]);
    assert.match(printers.text(document), /\+ y\\u\{a0\}\\u\{3164\}\\u\{fe0f\}\\u\{2800\}z\n/);
  });

  it("shows them as the same escapes as JSON, whose programs print the values", () => {
    const hidden = "\u202Eevil\u2066\u200B\u0007";
    const of = (value: string) =>
      onStack("eu", [
        planned("core/v1:ConfigMap", { name: "a", labels: { bad: value } }, {}, { tenant: "a" }),
        onGitHub("Repository", "a-repository", { name: `a-${value}`, visibility: "public" }, { tenant: "a" }),
      ]);
    const notes = [[{ code: `a note ${hidden}` }]];
    const stacks = [{ stack: `eu${hidden}`, before: of("x"), after: of(hidden) }];
    const printed = printers.json(review({ base: `main${hidden}`, head: "head", stacks, notes }));
    const values: string[] = [];
    JSON.parse(printed, (_, value: unknown) => {
      if (typeof value === "string") values.push(value);
      return value;
    });
    assert.ok(values.filter((value) => value.includes("\\u{202e}evil\\u{2066}\\u{200b}\\u{7}")).length > 4, printed);
    assert.deepEqual(
      values.filter((value) => /[\p{Cf}\p{Cc}]/u.test(value)),
      [],
    );
  });

  it("takes no value that reads like the placeholder for the name of each tenant", () => {
    const of = (value: string, owner: string) =>
      planned(
        "core/v1:ConfigMap",
        { name: "settings", namespace: owner, labels: { of: value } },
        {},
        { tenant: owner },
      );
    const before = onStack("eu", [of("x", "a"), of("x", "b")]);
    const document = documentOf([before, onStack("eu", [of("TENANT", "a"), of("b", "b")])]);
    assert.deepEqual(
      document.entries.map(({ targets }) => targets.length),
      [1, 1],
    );
  });

  it("is the golden one; if the change is intended, run: UPDATE_GOLDEN=1 npx mocha with this file", () => {
    const former = (stack: string) =>
      onStack(stack, tenant("team-payments", { namespace: "payments" }), tenant("team-search"), tenant("team-old"));
    const changed = (stack: string) =>
      onStack(
        stack,
        tenant("team-payments", { namespace: "payments", cpu: "8", token: "2" }),
        tenant("team-search", { level: "baseline", cpu: "8" }),
        tenant("team-new"),
      );
    const text = printers.markdown(
      documentOf([former("prod-eu"), changed("prod-eu")], [former("staging"), changed("staging")]),
    );
    const file = join(import.meta.dirname, "review.golden.md");
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"));
  });
});

describe("a document within a limit", () => {
  const names = Array.from({ length: 30 }, (_, index) => `team-${index}`);
  const plan = (value: (index: number) => string) =>
    onStack(
      "eu",
      ...names.map((name, index) => tenant(name, { cpu: value(index), level: index < 3 ? value(0) : "restricted" })),
    );
  const document = documentOf([plan(() => "restricted"), plan((index) => `baseline${"x".repeat(index)}`)]);

  it("is never longer, in any form", () => {
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.integer({ min: 1000, max: 30_000 }), (form, limit) => {
        assert.ok(printWithin(document, printers[form], limit).length <= limit);
      }),
      { numRuns: 30 },
    );
  });

  it("is whole if it fits", () => {
    assert.equal(printWithin(document, printers.text, 1_000_000), printers.text(document));
  });

  it("keeps the rights of a new tenant and the changed files, whatever the number of changed objects", () => {
    const object = (section: "platform" | "tenants", index: number): Entry => {
      return { section, sentence: [{ code: `ConfigMap x-${index}` }], targets: [], details: [], fields: [] };
    };
    const many = Array.from({ length: 2000 }, (_, index) => [
      object("platform", index),
      object("tenants", index),
    ]).flat();
    const isNew: Entry = {
      ...{ section: "privileges", effect: "gained", sentence: ["tenant is new"], targets: [], fields: [] },
      details: [["pods may reach ", { code: "0.0.0.0/0" }]],
    };
    const program: Entry = {
      ...{ section: "program", effect: "changed", sentence: ["the program"], targets: [], fields: [] },
      details: [[{ code: "index.ts" }]],
    };
    const flooded = { base: "", head: "", stacks: [], notes: [], entries: [program, isNew, ...many], cuts: [] };
    for (const form of forms) {
      const printed = printWithin(flooded, printers[form], 5000);
      assert.match(printed, /pods may reach `?0\.0\.0\.0/);
      assert.match(printed, /index\.ts/);
    }
    assert.match(printWithin(flooded, printers.text, 1000), /Left out, .*"Tenants"/);
  });

  it("leaves out fields first, the most important section last, and says so", () => {
    const whole = printers.text(document).length;
    assert.match(
      printWithin(document, printers.text, whole - 1),
      /Left out, .*: the fields of \d+ entries of "Tenants"\.\n$/,
    );
    const little = printWithin(document, printers.text, 2000);
    assert.match(little, /\nPrivileges\n/);
    assert.match(little, /Left out, .*: \d+ entries of "Privileges", \d+ entries of "Tenants"\.\n$/);
  });
});
