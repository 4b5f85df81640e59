import assert from "node:assert/strict";
import { parse } from "yaml";
import { ChartRegistry } from "../../../registry/chart-registry.js";
import { digestOf, publishedChart, publishedCharts } from "../../../registry/published-charts.js";
import { packChart } from "../../../toolchain/chart-archive.js";

const archiveOf = (name: string, version: string) =>
  packChart(name, new Map([["Chart.yaml", Buffer.from(`apiVersion: v2\nname: ${name}\nversion: ${version}\n`)]]));
const shop = archiveOf("shop", "1.2.3+build.4");
const registry = new ChartRegistry([
  publishedChart("oci://quay.example/charts/shop", shop),
  publishedChart("oci://docker.io/acme/cart", archiveOf("cart", "v2.0.0")),
  publishedChart("https://charts.example/stable/", archiveOf("till", "3.0.0")),
]);
const text = (host: string, path: string) => registry.answer(host, path).body.toString();
const status = (host: string, path: string) => registry.answer(host, path).status;

describe("the registries of charts", () => {
  it("know nothing of other names, tags and digests, and say what they have", () => {
    for (const path of ["charts/other/manifests/1", "charts/shop/nothing/1", "charts/shop"]) {
      assert.equal(status("quay.example", `/v2/${path}`), 404);
      assert.match(text("quay.example", `/v2/${path}`), /NAME_UNKNOWN/);
    }
    assert.match(text("quay.example", "/v2/charts/shop/manifests/9.9.9"), /MANIFEST_UNKNOWN.*has 1\.2\.3_build\.4/);
    assert.match(text("quay.example", `/v2/charts/shop/blobs/sha256:${"0".repeat(64)}`), /BLOB_UNKNOWN/);
    for (const path of ["/stable/other-3.0.0.tgz", "/index.yaml", "/stable/"])
      assert.equal(status("charts.example", path), 404);
  });

  it("say why they lack a digest of upstream's: their own is another one", () => {
    const path = "/v2/charts/shop/manifests";
    const own = registry.answer("quay.example", `${path}/1.2.3_build.4`).digest ?? assert.fail();
    const answer = text("quay.example", `${path}/sha256:${"0".repeat(64)}`);
    assert.ok(answer.includes(`has 1.2.3_build.4 (${own}) of charts/shop, and no sha256:0000`), answer);
    assert.match(answer, /packages charts itself, so upstream's digests are unknown here: docs\/infrastructure\.md/);
  });

  it("lack the charts that the toolchain lacks", async () => {
    assert.deepEqual(await publishedCharts(import.meta.dirname), []);
    assert.deepEqual(new ChartRegistry([]).hosts, []);
  });

  it("have a chart under its own host only", () => {
    assert.equal(status("charts.example", "/v2/charts/shop/tags/list"), 404);
    assert.equal(status("quay.example", "/stable/index.yaml"), 404);
  });

  it("serve an artifact as Helm pushes one: each digest leads to its bytes", () => {
    const path = "/v2/charts/shop";
    const manifest = registry.answer("quay.example", `${path}/manifests/1.2.3_build.4`);
    assert.equal(manifest.digest, digestOf(manifest.body));
    assert.deepEqual(registry.answer("quay.example", `${path}/manifests/${manifest.digest}`), manifest);
    const { config, layers } = JSON.parse(manifest.body.toString());
    assert.deepEqual(
      [config, ...layers].map(({ mediaType }) => mediaType),
      ["application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip"],
    );
    assert.deepEqual(registry.answer("quay.example", `${path}/blobs/${layers[0].digest}`).body, shop);
    const { version } = JSON.parse(text("quay.example", `${path}/blobs/${config.digest}`));
    assert.equal(version, "1.2.3+build.4");
    assert.deepEqual(JSON.parse(text("quay.example", `${path}/tags/list`)).tags, ["1.2.3_build.4"]);
  });

  it("are found by the names that clients use for Docker Hub", () => {
    assert.deepEqual(registry.hosts, ["charts.example", "index.docker.io", "quay.example", "registry-1.docker.io"]);
    assert.equal(status("index.docker.io", "/v2/acme/cart/manifests/v2.0.0"), 200);
    assert.equal(status("index.docker.io", "/v2/"), 200);
  });

  it("have an index of a repository that leads to its archives", () => {
    const { entries } = parse(text("charts.example", "/stable/index.yaml"));
    const [{ version, urls, digest }] = entries.till;
    assert.equal(version, "3.0.0");
    const { body } = registry.answer("charts.example", `/stable/${urls[0]}`);
    assert.equal(`sha256:${digest}`, digestOf(body));
  });
});
