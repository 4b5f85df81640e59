import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { publishedCharts } from "../../../registry/published-charts.js";
import { chartMetadata } from "../../../toolchain/chart-archive.js";
import { chartRecipes } from "../../../toolchain/chart-recipes.js";
import { ensureToolchain, type Toolchain } from "../../../toolchain/toolchain.js";

/** The charts that are packaged from the real modules. */
describe("the real charts", function () {
  this.timeout(10 * 60_000);
  let toolchain: Toolchain;
  before(async () => {
    toolchain = await ensureToolchain({ parts: chartRecipes.map(({ name }) => name) });
  });
  const archiveOf = (output: string) => readFile(join(toolchain.dir, output));
  const files = async (output: string) =>
    (await execa("tar", ["-tzf", "-"], { input: await archiveOf(output) })).stdout.split("\n");
  const text = async (output: string, path: string) =>
    (await execa("tar", ["-xzOf", "-", path], { input: await archiveOf(output) })).stdout;

  for (const { name, output, release } of chartRecipes) {
    const chart = basename(output, ".tgz");
    it(`${name} has a released version, templates, and values without a variable`, async () => {
      const { name: actual, version } = chartMetadata(await archiveOf(output));
      assert.equal(actual, chart);
      assert.match(version, /^v?[1-9]\d*\.\d+\.\d+$/);
      if (release !== undefined) assert.equal(version, release.version);
      const values = await text(output, `${chart}/values.yaml`);
      assert.ok(parse(values) !== null);
      assert.doesNotMatch(values, /\$\{/);
      const paths = await files(output);
      assert.ok(paths.includes(`${chart}/templates/_helpers.tpl`), paths.join("\n"));
      assert.deepEqual(
        paths.filter((path) => /\/tests?\/|\.tmpl\.|helmignore/.test(path)),
        [],
      );
    });
  }

  it("have the CRDs that their controllers need", async () => {
    const count = async (output: string, pattern: RegExp) =>
      (await files(output)).filter((path) => pattern.test(path)).length;
    assert.equal(await count("charts/cert-manager.tgz", /\/templates\/crd-/), 6);
    assert.equal(await count("charts/flagger.tgz", /\/crds\//), 1);
    assert.equal(await count("charts/external-secrets.tgz", /\/templates\/crds\/.*\.yaml$/), 23);
    assert.equal(await count("charts/gateway-helm.tgz", /\/charts\/crds\/crds\//), 9);
  });

  it("are published where fleet/ looks for them", async () => {
    const published = await publishedCharts(toolchain.dir);
    assert.deepEqual(
      published.map(({ protocol, host, path, metadata: { version } }) => `${protocol} ${host}/${path} ${version}`),
      [
        "oci quay.io/jetstack/charts/cert-manager v1.21.2",
        "oci ghcr.io/fluxcd/charts/flagger 1.36.1",
        "https kubernetes-sigs.github.io/metrics-server 3.13.1",
        "oci docker.io/envoyproxy/gateway-helm v1.9.1",
        "oci ghcr.io/external-secrets/charts/external-secrets 1.3.1",
      ],
    );
  });
});
