import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { execa } from "execa";
import { chartMetadata, packChart } from "../../../toolchain/chart-archive.js";

const files = (entries: Readonly<Record<string, string>>) =>
  new Map(Object.entries(entries).map(([path, text]) => [path, Buffer.from(text)]));
const chart = {
  "values.yaml": "a: 1\n",
  "Chart.yaml": "name: shop\nversion: 1.2.3\n",
  "templates/a.yaml": "x".repeat(700),
};

describe("the archive of a chart", () => {
  it("refuses a path that the plain form of a tar file cannot hold", () => {
    assert.throws(() => packChart("shop", files({ [`templates/${"a".repeat(90)}`]: "" })), /too long/);
  });

  it("has no metadata without a Chart.yaml of its own, nor with one that lacks a version", () => {
    assert.throws(
      () => chartMetadata(packChart("shop", files({ "charts/crds/Chart.yaml": "name: crds\n" }))),
      /no Chart/,
    );
    assert.throws(() => chartMetadata(packChart("shop", files({ "Chart.yaml": "name: shop\n" }))), /version/);
    assert.throws(() => chartMetadata(gzipSync(Buffer.alloc(0))), /no Chart/);
  });

  it("is what tar reads: Chart.yaml first, below a folder of the chart's name", async () => {
    const archive = packChart("shop", files(chart));
    const list = await execa("tar", ["-tzf", "-"], { input: archive });
    assert.deepEqual(list.stdout.split("\n"), ["shop/Chart.yaml", "shop/templates/a.yaml", "shop/values.yaml"]);
    const { stdout } = await execa("tar", ["-xzOf", "-", "shop/templates/a.yaml"], { input: archive });
    assert.equal(stdout, chart["templates/a.yaml"]);
    assert.deepEqual(chartMetadata(archive), { name: "shop", version: "1.2.3" });
  });

  it("has the same bytes whatever the order of the files, without a date", () => {
    const one = packChart("shop", files(chart));
    assert.deepEqual(packChart("shop", new Map([...files(chart)].reverse())), one);
    assert.equal(gunzipSync(one).subarray(136, 147).toString(), "0".repeat(11));
    assert.equal(one.readUInt32LE(4), 0);
  });
});
