import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { allGone, type KnownProcess } from "@fleet/sandbox/test/processes";
import { checkout } from "../../../cli/checkout.js";
import { waitFor } from "../../support/e2e/wait-for.js";

const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");

/** A test that hosts a control plane in mocha's worker, writes where, and then never ends. @param report a path */
const testOf = (report: string) => `
  import { writeFileSync } from "node:fs";
  import { bareCluster } from ${JSON.stringify(join(checkout, "test/e2e/admission/bare-cluster.ts"))};
  it("never ends", async function () {
    this.timeout(0);
    const { kubeconfig } = await bareCluster();
    writeFileSync(${JSON.stringify(report)}, kubeconfig);
    await new Promise(() => setInterval(() => {}, 1000));
  });
`;

describe("the command mocha", () => {
  for (const signal of ["SIGTERM", "SIGKILL", "SIGINT"] as const) {
    it(`leaves neither processes nor folders of a control plane behind when ${signal} ends it`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "fleet-interrupted-"));
      const [file, report] = [join(folder, "hosts-a-cluster.test.mts"), join(folder, "kubeconfig")];
      await writeFile(file, testOf(report));
      const args = [mocha, "--config", "test/e2e/.mocharc.json", file];
      const child = spawn(process.execPath, args, { cwd: checkout, stdio: ["ignore", "ignore", "inherit"] });
      const exit = once(child, "exit");
      try {
        await waitFor(() => existsSync(report) && readFileSync(report, "utf8") !== "", {
          describe: () => "the control plane does not run",
        });
        const directory = dirname(readFileSync(report, "utf8"));
        const processes = JSON.parse(readFileSync(join(directory, "processes.json"), "utf8")) as KnownProcess[];
        assert.equal(processes.length, 5, JSON.stringify(processes));
        child.kill(signal);
        await exit;
        await allGone(processes);
        await waitFor(() => !existsSync(directory), { describe: () => `${directory} is still there` });
      } finally {
        child.kill("SIGKILL");
        await rm(folder, { recursive: true, force: true });
      }
    }).timeout(180_000);
  }
});
