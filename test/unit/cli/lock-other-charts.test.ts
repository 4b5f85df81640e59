import assert from "node:assert/strict";
import {
  artifact,
  ChartCheckout,
  chartFile as file,
  metrics,
  otherFile as other,
  tagged,
} from "../../support/unit/chart-checkout.js";
import { type ChartRegistries, digestOf } from "../../support/unit/chart-registries.js";

describe("fleet lock charts", () => {
  let checkout: ChartCheckout;
  let registries: ChartRegistries;
  beforeEach(() => {
    checkout = new ChartCheckout();
    registries = checkout.registries;
  });
  afterEach(() => checkout.remove());

  const write = (files: Readonly<Record<string, string>>) => checkout.write(files);
  const read = (name: string) => checkout.read(name);
  const run = (...args: readonly string[]) => checkout.run(...args);
  const refused = (args: readonly string[], code: number, ...words: readonly (RegExp | string)[]) =>
    checkout.refused(args, code, ...words);

  describe("with charts that no registry can be asked about", () => {
    const digest = digestOf("by hand");
    const login = "  secretRef: {name: login}\n";
    const byHand = `digest: ${digest}\n`;
    for (const [name, text] of [
      ["a Secret", artifact(`tag: 2.0.0\n    ${byHand}`, login)],
      ["a provider of a cloud", artifact(`tag: 2.0.0\n    ${byHand}`, "  provider: aws\n")],
      ["a tag that moves", artifact(`tag: main\n    ${byHand}`)],
      ["a range", artifact(`semver: 1.x\n    ${byHand}`)],
    ] as const) {
      it(`keeps the digest beside ${name}, and writes those of others`, async () => {
        const written = registries.push("charts/shop", "1.2.3");
        write({ [file]: text, [other]: tagged.replace("name: shop", "name: second") });
        const { code, out } = await run();
        assert.equal(code, 0);
        if (name !== "a range")
          assert.match(out, /Not compared, with its digest: fleet\/infrastructure\/release\.yaml:/);
        assert.deepEqual([read(file), read(other).includes(`digest: ${written}`)], [text, true]);
        assert.equal((await run("--check")).code, 0);
      });
    }

    it("refuses them without a digest, or with that of another version", async () => {
      write({ [file]: artifact("tag: 1.2.3", "  provider: aws\n") });
      await refused([], 1, /has spec\.provider: fleet lock asks registries without credentials/);
      const source = "spec: {url: 'https://charts.example.com/', secretRef: {name: a}}";
      const note = (version: string) => `  annotations: {fleet.dev/chart-digest: '${version}@${digest}'}\n`;
      const locked = (version: string) => metrics(note(version)).replace(/spec: \{url.*\}/, source);
      write({ [file]: locked("2.0.0") });
      await refused([], 1, /has spec\.secretRef/);
      write({ [file]: locked("3.0.0") });
      assert.equal((await run("--check")).code, 0);
      write({ [file]: artifact(`tag: 2.0.0\n    ${byHand}`, login).replace("oci://", "oci://robot:hunter2@") });
      await refused([], 1, /has credentials in its URL/);
    });
  });

  it("refuses a chart in a List, into which it writes nothing, unless it has a digest", async () => {
    const list = (text: string) =>
      `apiVersion: v1\nkind: List\nitems:\n  - ${text.trimEnd().replaceAll("\n", "\n    ")}\n`;
    write({ [file]: list(tagged) });
    await refused([], 1, `${file}:12: items[0].spec.ref.tag: OCIRepository shop is an object of a List`);
    write({ [file]: list(artifact(`tag: 1.2.3\n    digest: ${digestOf("by hand")}`)) });
    assert.equal((await run("--check")).code, 0);
  });

  it("skips templates of charts in fleet/, and no other file that is no YAML", async () => {
    registries.push("charts/shop", "1.2.3");
    const template = "fleet/charts/own/templates/release.yaml";
    write({ [file]: tagged, [template]: "a: {{ .Values.a }}\n{{- if .b }}\n" });
    await refused([], 1, template);
    write({ "fleet/charts/own/Chart.yaml": "name: own\n" });
    assert.equal((await run()).code, 0);
    assert.match(read(file), /digest: sha256:/);
  });

  it("asks the source of the chart's folder and namespace where others have its name", async () => {
    const digest = registries.list("metrics", "3.0.0");
    const text = metrics();
    const elsewhere = text.replace("charts.example.com", "other.example.com").replace(/---[\s\S]*/, "");
    // The last file has no say.
    write({ [file]: text, "fleet/z/source.yaml": elsewhere });
    assert.equal((await run()).code, 0);
    assert.ok(read(file).includes(`3.0.0@${digest}`));
    const near = { "fleet/infrastructure/zz.yaml": elsewhere };
    write({ [file]: text, ...near });
    await refused([], 1, /has sources of its name with different URLs in fleet\//);
    const named = (from: string, namespace: string) =>
      from.replace("{name: metrics}", `{name: metrics, namespace: ${namespace}}`);
    write({ [file]: named(text, "a").replace("  name: metrics\n", "  name: metrics\n  namespace: a\n") });
    write({ "fleet/infrastructure/zz.yaml": named(elsewhere, "b") });
    assert.equal((await run()).code, 0);
  });

  it("takes a patch of a URL for no chart of its own, and locks the version of a release that a patch sets", async () => {
    const digest = registries.push("charts/shop", "1.2.3");
    const patch = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: shop}\n";
    const mirror = `${patch}spec: {url: 'oci://mirror.example.com/shop'}\n`;
    write({ [file]: tagged, [other]: mirror });
    assert.equal((await run()).code, 0);
    assert.deepEqual([read(file).includes(digest), read(other)], [true, mirror]);
    const chart = registries.list("metrics", "3.0.0");
    const set = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: metrics\nspec: {chart: {spec: {version: 3.0.0}}}\n`;
    write({ [file]: metrics().replace(" version: 3.0.0,", ""), [other]: set });
    assert.equal((await run()).code, 0);
    const line = `  annotations:\n    fleet.dev/chart-digest: 3.0.0@${chart}\n`;
    assert.equal(read(other), set.replace("  name: metrics\n", `  name: metrics\n${line}`));
    assert.equal((await run("--check")).code, 0);
  });
});
