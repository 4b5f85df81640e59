import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProxyAgent, request } from "undici";
import { addChart } from "../../../registry/added-charts.js";
import { type Egress, startEgress } from "../../../registry/egress.js";
import { publishedChart } from "../../../registry/published-charts.js";
import { statePaths } from "../../../state/state-directory.js";
import { packChart } from "../../../toolchain/chart-archive.js";

const filesOf = (version: string) => new Map([["Chart.yaml", Buffer.from(`name: shop\nversion: ${version}\n`)]]);
const url = "oci://quay.example/charts/shop";

describe("the way of the controllers to registries", () => {
  let dir: string;
  let egress: Egress;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "fleet-egress-"));
    const charts = [publishedChart(url, packChart("shop", filesOf("1.0.0")))];
    egress = await startEgress({ dir, charts, added: statePaths(dir).charts });
  });
  after(async () => {
    await egress.stop();
    await rm(dir, { recursive: true });
  });

  /** The first line that the proxy answers to some text. */
  function answerTo(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(egress.proxy).port), "127.0.0.1", () => socket.write(text));
      socket.once("error", reject);
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data.toString().split("\r\n", 1)[0] ?? "");
      });
    });
  }
  const tunnelTo = (target: string) => answerTo(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);

  async function agent() {
    return new ProxyAgent({ uri: egress.proxy, requestTls: { ca: await readFile(egress.certificates, "utf8") } });
  }

  it("is no way for plain HTTP, nor to a target that there cannot be", async () => {
    assert.match(await answerTo("GET http://quay.example/ HTTP/1.1\r\nHost: quay.example\r\n\r\n"), /^HTTP\/1\.1 405 /);
    for (const target of ["quay.example", "quay.example:99999", ":443"]) assert.match(await tunnelTo(target), / 400 /);
  });

  it("leads to a registry only at the port of HTTPS, and says when a host does not answer", async () => {
    const unused = createServer();
    await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
    const { port } = unused.address() as AddressInfo;
    await new Promise((resolve) => unused.close(resolve));
    assert.match(await tunnelTo(`127.0.0.1:${port}`), / 502 /);
  });

  it("leads to the sandbox's registry by its upstream name, with a certificate of the sandbox's authority", async () => {
    const dispatcher = await agent();
    const { statusCode, body } = await request("https://quay.example/v2/charts/shop/tags/list", { dispatcher });
    assert.equal(statusCode, 200);
    assert.deepEqual(await body.json(), { name: "charts/shop", tags: ["1.0.0"] });
    const head = await request("https://quay.example/v2/charts/shop/manifests/1.0.0", { dispatcher, method: "HEAD" });
    assert.match(String(head.headers["docker-content-digest"]), /^sha256:/);
    const push = await request("https://quay.example/v2/charts/shop/blobs/uploads/", { dispatcher, method: "POST" });
    assert.equal(push.statusCode, 405);
    await dispatcher.close();
  });

  it("finds the charts that are added while it runs, at the host and the path of their URLs only", async () => {
    const dispatcher = await agent();
    const tagsAt = async (path: string) => {
      const { body } = await request(`https://quay.example/v2/${path}/tags/list`, { dispatcher });
      return ((await body.json()) as { readonly tags?: readonly string[] }).tags;
    };
    assert.equal(await tagsAt("charts/cart"), undefined);
    const added = [
      [url, "1.1.0-rc.1"],
      ["oci://quay.example/charts/cart", "2.0.0"],
      ["oci://other.example/charts/shop", "3.0.0"],
    ] as const;
    for (const [to, version] of added) {
      await addChart({ stateDirectory: dir, url: to, name: "shop", files: filesOf(version) });
    }
    assert.deepEqual(await tagsAt("charts/shop"), ["1.0.0", "1.1.0-rc.1"]);
    assert.deepEqual(await tagsAt("charts/cart"), ["2.0.0"]);
    assert.equal(await tagsAt("charts"), undefined);
    await dispatcher.close();
  });

  it("is refused by a client that does not know that authority", async () => {
    const dispatcher = new ProxyAgent(egress.proxy);
    await assert.rejects(request("https://quay.example/v2/", { dispatcher }), /certificate/);
    await dispatcher.close();
  });

  it("leads to any other host as it is", async () => {
    const server = createServer((_, response) => response.end("other"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const dispatcher = new ProxyAgent({ uri: egress.proxy, proxyTunnel: true });
    const { body } = await request(`http://127.0.0.1:${port}/`, { dispatcher });
    assert.equal(await body.text(), "other");
    await dispatcher.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
