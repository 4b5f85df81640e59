import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { chartFile, configMapFile } from "../../support/objects/repository-files.js";
import { STOLEN } from "../tenant-objects.js";

/** Plays the network outside of the cluster: it answers for every host. @returns its URL, for a proxy */
export async function answering(answer: (path: string) => string | Buffer): Promise<string> {
  const server = createServer(({ url = "/" }, response) => {
    response.end(answer(new URL(url, "http://elsewhere.invalid").pathname));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A manifest that only a foreign server has. */
export const foreignManifest = configMapFile("from-elsewhere");

/** A foreign repository of charts: its index, and for every other path the one chart in it. */
export async function foreignCharts(): Promise<(path: string) => string | Buffer> {
  const { name, version } = STOLEN;
  const archive = `${name}-${version}.tgz`;
  const directory = await mkdtemp(join(tmpdir(), "fleet-foreign-chart-"));
  try {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, "Chart.yaml"), chartFile(name, { version }));
    const { stdout } = await execa("tar", ["-czf", "-", "-C", directory, name], { encoding: "buffer" });
    const chart = Buffer.from(stdout);
    const index = stringify({
      apiVersion: "v1",
      entries: { [name]: [{ apiVersion: "v2", name, version, urls: [`http://charts.example.com/${archive}`] }] },
    });
    return (path) => (path.endsWith("/index.yaml") ? index : chart);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
