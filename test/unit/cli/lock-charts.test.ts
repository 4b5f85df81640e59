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

const release = "fleet/infrastructure/metrics.yaml";

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

  describe("refuses, names file and line, and writes nothing", () => {
    for (const [name, text, words] of [
      ["a tag that the registry does not have", artifact("tag: 9.9.9"), /:9: spec\.ref\.tag: .*has no version 9\.9\.9/],
      ["a range", artifact("semver: 1.x"), /:5?.*names no tag|spec\.ref/],
      ["a tag that moves", artifact("tag: latest"), /:9: spec\.ref\.tag: OCIRepository shop follows "latest"/],
      ["a variable", artifact("tag: $" + "{version}"), /has a variable in its URL or version/],
      [
        "a source with a Secret",
        artifact("tag: 1.2.3", "  secretRef: {name: login}\n"),
        /spec\.secretRef: .*helm pull/,
      ],
      ["a source without TLS", artifact("tag: 1.2.3", "  insecure: true\n"), /has spec\.insecure/],
      ["a URL of another kind", tagged.replace("oci://", "http://"), /neither by oci:\/\/ nor by https:\/\//],
    ] as const) {
      it(name, async () => {
        registries.push("charts/shop", "1.2.3");
        write({ [file]: text, [other]: tagged.replace("shop", "second") });
        const before = read(other);
        await refused([], 1, file, words);
        assert.equal(read(other), before, "all or none");
      });
    }

    it("credentials in a URL, which it does not print", async () => {
      write({ [file]: tagged.replace("oci://", "oci://robot:hunter2@") });
      const said = await refused([], 1, `${file}:7: spec.url: OCIRepository shop has credentials in its URL`);
      assert.doesNotMatch(said, /hunter2/);
      assert.deepEqual(registries.asked, []);
    });

    it("a registry that wants an account, or does not answer", async () => {
      write({ [file]: tagged });
      const address = "https://registry.example.com/";
      registries.instead.set(address, () => new Response(null, { status: 403, statusText: "Forbidden" }));
      await refused([], 1, `${file}:9: `, /the registry refuses: 403 Forbidden/, /uses no account/);
      registries.instead.set(address, () => {
        throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
      });
      await refused([], 1, /cannot be fetched: fetch failed: connect ECONNREFUSED/);
      await refused(["--check"], 3, /ECONNREFUSED/);
    });

    it("an answer whose bytes have another digest than the registry names", async () => {
      write({ [file]: tagged });
      registries.instead.set("https://registry.example.com/", () => {
        return new Response("{}", { headers: { "docker-content-digest": digestOf("other") } });
      });
      await refused([], 1, /the bytes of the answer have another digest/);
    });

    it("a tag that holds another version of the chart", async () => {
      registries.push("charts/shop", "1.2.3", { version: "1.2.2" });
      write({ [file]: tagged });
      await refused([], 1, /has the chart's version 1\.2\.2 under the tag 1\.2\.3/);
    });

    it("a version that the index of a repository lacks, and a source that fleet/ lacks", async () => {
      registries.list("metrics", "2.0.0");
      write({ [file]: metrics() });
      await refused([], 1, `${file}:12: spec.chart.spec.version: `, /has no version 3\.0\.0 of metrics/);
      write({ [file]: metrics().replace("name: metrics}\nspec", "name: another}\nspec") });
      await refused([], 1, /names the HelmRepository metrics, which fleet\/ does not have/);
    });
  });

  it("writes the digest beside the tag, and changes no other byte", async () => {
    const digest = registries.push("charts/shop", "1.2.3");
    const flow = tagged.replace(/ {2}ref:\n.*\n/, "  ref: { tag: v1.2.3 }\n").replace("shop\nspec", "flow\nspec");
    registries.push("charts/shop", "v1.2.3", { version: "1.2.3" });
    write({ [file]: `${tagged}---\n# Another.\n${flow}` });
    const { code, out } = await run();
    assert.equal(code, 0);
    const lines = read(file);
    assert.equal(
      lines,
      `${tagged.replace("# kept\n", `# kept\n    digest: ${digest}\n`)}---\n# Another.\n${flow.replace("v1.2.3 }", `v1.2.3, digest: ${digest} }`)}`,
    );
    assert.match(out, /Wrote fleet\/infrastructure\/release\.yaml\. Review them: git diff fleet\n/);
    assert.equal((await run("--check")).code, 0);
    assert.match((await run()).out, /Nothing to write/);
  });

  it("writes the digest of a new version in the place of the former one's, in the same quotes", async () => {
    const former = registries.push("charts/shop", "1.2.2");
    const digest = registries.push("charts/shop", "1.2.3");
    write({ [file]: tagged.replace("# kept\n", `# kept\n    digest: "${former}"\n`) });
    await refused(["--check"], 1, `${file}:9: `, /names the digest of 1\.2\.2, and the registry has/);
    assert.equal((await run()).code, 0);
    assert.equal(read(file), tagged.replace("# kept\n", `# kept\n    digest: "${digest}"\n`));
  });

  it("names a tag that was moved to other bytes, and takes these with --replace alone", async () => {
    const former = registries.push("charts/shop", "1.2.3");
    write({ [file]: tagged });
    await run();
    const moved = registries.push("charts/shop", "1.2.3", { bytes: "other" });
    await refused(["--check"], 1, `${file}:9: spec.ref.tag: OCIRepository shop names ${former}`, `has ${moved} now`);
    await refused([], 1, /1\.2\.3 had other bytes when this was written.*--replace/);
    for (const wrong of [["--check", "--replace"], ["--verify"], ["--manifest", "f"]]) {
      await refused(wrong, 2, /cannot be used|charts have --check/);
    }
    assert.equal((await run("--replace")).code, 0);
    assert.match(read(file), new RegExp(`digest: ${moved}\n`));
  });

  it("notes the version and digest of a repository's chart, says that Flux does not verify it, and names other bytes", async () => {
    const digest = registries.list("metrics", "3.0.0");
    write({ [release]: metrics(), [file]: metrics("  annotations:\n    a: b\n") });
    const { code, out } = await run();
    assert.equal(code, 0);
    const line = `fleet.dev/chart-digest: 3.0.0@${digest}`;
    assert.equal(read(release), metrics(`  annotations:\n    ${line}\n`));
    assert.equal(read(file), metrics(`  annotations:\n    a: b\n    ${line}\n`));
    assert.match(out, /Flux does not verify the digest of HelmRelease metrics/);
    registries.list("metrics", "3.0.0", digestOf("other"));
    await refused(["--check"], 1, /3\.0\.0 had other bytes/);
  });

  it("asks the registry about a chart of a HelmRepository of type oci, whose digest Flux does not verify either", async () => {
    const digest = registries.push("charts/metrics", "3.0.0");
    write({ [file]: metrics().replace("https://charts.example.com/", "oci://registry.example.com/charts/") });
    assert.match((await run()).out, /Flux does not verify the digest of HelmRelease metrics/);
    assert.ok(read(file).includes(`fleet.dev/chart-digest: 3.0.0@${digest}\n`));
  });

  it("writes the digest of a version that a patch in a file sets, beside it", async () => {
    const digests = ["1.2.3", "1.2.4"].map((version) => registries.push("charts/shop", version));
    const patch = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: shop}\n";
    write({
      [file]: tagged,
      [other]: `${patch}spec:\n  ref: {tag: 1.2.4}\n`,
      [release]: `${patch}spec: {interval: 1h}\n`,
    });
    assert.equal((await run()).code, 0);
    assert.equal(read(file), tagged.replace("# kept\n", `# kept\n    digest: ${digests[0]}\n`));
    assert.equal(read(other), `${patch}spec:\n  ref: {tag: 1.2.4, digest: ${digests[1]}}\n`);
    assert.equal(read(release), `${patch}spec: {interval: 1h}\n`);
  });

  it("says that there is no fleet/, and that it has no chart", async () => {
    const { code, err } = await run("--check");
    assert.equal(code, 1);
    assert.match(err, /^fleet: does not exist, so there is no chart to lock\. /);
    write({ "fleet/README.md": "Nothing.\n" });
    assert.equal((await run("--check")).out, "No chart is in fleet/.\n");
  });

  it("asks Docker Hub by the name of its registry, and skips what a digest alone pins", async () => {
    write({ [file]: tagged.replace("registry.example.com/charts", "docker.io/acme") });
    await run();
    assert.deepEqual(registries.asked, ["https://registry-1.docker.io/v2/acme/shop/manifests/1.2.3"]);
    write({ [file]: artifact(`digest: ${digestOf("any")}`) });
    assert.equal((await run("--check")).code, 0);
  });
});
