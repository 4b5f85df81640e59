import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { changesSince } from "../../../../operate/report/changes.js";
import { reportPage } from "../../../../operate/report/page/page.js";
import { dataText, reportInPage } from "../../../../operate/report/page-data.js";
import type { Report } from "../../../../operate/report/report.js";
import { openProof, reportOf, soundProof, soundStack } from "../../../support/unit/reports.js";

const attacks = [
  `</script><img src=x onerror=alert(1)>`,
  `<!--<script>`,
  `"><svg onload=alert(1)>`,
  `' onfocus=alert(1) autofocus='`,
  `</style></title></textarea><iframe src=//evil.example>`,
  `javascript:alert(1)`,
  `<a href="javascript:alert(1)">`,
];

/** A report with a text in every place that a cluster, GitHub or a file fills. */
function filledWith(text: string): Report {
  const fill = <Value>(value: Value): Value => {
    if (typeof value === "string") return `${value}${text}` as Value;
    if (Array.isArray(value)) return value.map(fill) as Value;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one)])) as Value;
  };
  const { at, form } = reportOf();
  const stack = fill(
    soundStack({ problems: ["no answer"], proof: { ...openProof(), accepted: ["x"], unread: ["y"] } }),
  );
  const cluster = stack.cluster && {
    ...stack.cluster,
    controllers: [{ name: text, ready: false, message: text }],
    tenants: stack.cluster.tenants.map((one) => ({
      ...one,
      namespaces: [...one.namespaces, text],
      syncs: one.syncs.map((sync) => ({ ...sync, messages: [text], suspended: text, ready: false })),
    })),
  };
  return { form, at, stacks: [{ ...stack, ...(cluster && { cluster }) }] };
}

/** The tags of a page, without its style and scripts. */
function tagsOf(page: string): string[] {
  const markup = page.replaceAll(/(<(style|script)\b[^>]*>)[\s\S]*?<\/\2>/g, "$1");
  return [...markup.matchAll(/<[a-z!/](?:"[^"]*"|'[^']*'|[^>"'])*>/gi)].map(([tag]) => tag);
}

describe("the page of a report", () => {
  for (const text of attacks) {
    it(`keeps texts of clusters and of GitHub texts, also in its data: ${text}`, () => {
      const report = filledWith(text);
      const earlier = reportOf(soundStack({ stack: `staging${text}`, proof: soundProof({ dryRuns: [] }) }));
      const page = reportPage(report, changesSince(earlier, report));
      const tags = tagsOf(page);
      for (const tag of tags) assert.doesNotMatch(tag, /^<(?:img|svg|iframe|object|embed|link|base|form)\b/i);
      // No attribute runs a script. Quotes around values end where the renderer ends them.
      for (const tag of tags) assert.doesNotMatch(tag.replaceAll(/"[^"]*"/g, '""'), /\son\w+=|javascript:/i, tag);
      for (const [, href = ""] of page.matchAll(/\shref="([^"]*)"/g)) assert.match(href, /^#/);
      assert.equal(page.match(/<script\b/g)?.length, 2);
      assert.equal(page.match(/<\/script>/g)?.length, 2);
      assert.deepEqual(reportInPage(page), { report });
    });
  }

  it("holds its data, whatever texts are in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."</!->\\\"'&script\u2028\u{1F600}") }), (text) => {
        const report = reportOf(soundStack({ problems: [text] }));
        assert.doesNotMatch(dataText(report), /</);
        assert.deepEqual(JSON.parse(dataText(report)), report);
      }),
    );
  });

  it("allows its own style and script alone, by their digests", () => {
    const page = reportPage(reportOf());
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const digest = (text = "") => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
    assert.deepEqual(policy.split("; "), [
      "default-src 'none'",
      `style-src ${digest(style)}`,
      `script-src ${digest(script)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    assert.doesNotMatch(page, /\sstyle=|\ssrc=|url\(|@import/);
  });

  it("has the same bytes for the same report", () => {
    assert.equal(reportPage(reportOf()), reportPage(structuredClone(reportOf())));
    assert.notEqual(reportPage(reportOf()), reportPage(reportOf(soundStack({ proof: openProof() }))));
  });

  it("shows a right that differs, in its cell, with the binding and the review that say so", () => {
    const page = reportPage(reportOf(soundStack({ proof: openProof() })));
    assert.match(page, /<td class="wide bad"><details><summary><span class="bad">1 of 5 differ<\/span>/);
    assert.match(
      page,
      /<code>get secrets<\/code>: expected denied, <span class="bad">found allowed<\/span><ul><li>RoleBinding search\/rogue gives it in search<\/li><li>SubjectAccessReview about search at 2026-11-27T10:00:00\.000Z: expected denied, answered allowed<\/li>/,
    );
    assert.doesNotMatch(reportPage(reportOf()), /class="wide bad"/);
  });

  it("says of a stack without an answer that it could not look, and never that it holds", () => {
    const page = reportPage(reportOf({ stack: "prod-eu", problems: ["no context leads to it"], keys: [] }));
    assert.match(page, /<span class="unknown">could not look<\/span>/);
    assert.match(page, /Could not look: no context leads to it/);
    assert.doesNotMatch(page, /holds/);
  });

  it("shows in the result that GitHub was left out", () => {
    const checks = [{ title: "GitHub", looked: 0, skipped: "--without-github", findings: [] }];
    const page = reportPage(reportOf(soundStack({ proof: soundProof({ checks }) })));
    assert.match(page, /<td><span class="unknown">holds, without GitHub<\/span>/);
    assert.match(reportPage(reportOf()), /<td><span class="good">holds<\/span>/);
  });

  it("gives every header of a table its scope, and every section a name", () => {
    const page = reportPage(reportOf(soundStack({ proof: openProof() })));
    assert.deepEqual(page.match(/<th(?! scope=)[^e>]*>/g), null);
    assert.deepEqual(page.match(/<section(?![^>]* aria-label)[^>]*>/g), null);
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)) assert.ok(ids.includes(id), id);
  });
});

describe("the data of a page", () => {
  it("is read without characters that are not seen, and without passwords: the file may be anyone's", () => {
    const read = reportInPage(reportPage(reportOf(soundStack({ problems: ["a\u202eb https://x:hunter2@y"] }))));
    assert.deepEqual("report" in read && read.report.stacks[0]?.problems, ["a\\u{202e}b https://…@y"]);
  });

  for (const [what, page, problem] of [
    ["no page", "", "is no page of fleet report"],
    ["another page", "<html><script>1</script></html>", "is no page of fleet report"],
    ["no JSON", '<script type="application/json" id="fleet-report">{</script>', /whose data this version cannot read/],
    ["another form", '<script type="application/json" id="fleet-report">{"form":"x"}</script>', /cannot read/],
  ] as const) {
    it(`is none of ${what}`, () => {
      const read = reportInPage(page);
      assert.ok("problem" in read);
      if (typeof problem === "string") assert.equal(read.problem, problem);
      else assert.match(read.problem, problem);
    });
  }
});
