import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startControlPlane } from "../../../control-plane/control-plane.js";
import { processStart } from "../../../process/orphans.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("a control plane that cannot start", () => {
  const tempDir = tempDirs();

  /** A stand-in for etcd; the other programs are missing. */
  function fakeEtcd(bin: string, script: string): void {
    writeFileSync(join(bin, "etcd"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "etcd"), 0o755);
  }

  it("names the component that is missing and its file", async () => {
    const dir = tempDir();
    await assert.rejects(
      startControlPlane({ dir, bin: join(dir, "bin"), name: "test" }),
      /Cannot start etcd .*bin.etcd/,
    );
  });

  it("leaves nothing running behind a component that is missing", async () => {
    const [dir, bin] = [tempDir(), tempDir()];
    fakeEtcd(bin, `echo $$ > ${join(bin, "pid")}; exec sleep 60`);
    await assert.rejects(startControlPlane({ dir, bin, name: "test" }), /Cannot start kube-apiserver/);
    assert.deepEqual(JSON.parse(readFileSync(join(dir, "processes.json"), "utf8")), []);
    // It may have been ended before it had written its number, or anything into the file.
    const pid = existsSync(join(bin, "pid")) ? Number(readFileSync(join(bin, "pid"), "utf8")) : 0;
    assert.equal(pid === 0 ? undefined : processStart(pid), undefined);
  });

  it("shows why the component that failed did, and does not try again what trying does not help", async () => {
    const [dir, bin] = [tempDir(), tempDir()];
    fakeEtcd(bin, `echo x >> ${join(bin, "runs")}; echo "the disk is full"; exit 7`);
    writeFileSync(join(bin, "kube-apiserver"), "#!/bin/sh\nexec sleep 60\n");
    chmodSync(join(bin, "kube-apiserver"), 0o755);
    await assert.rejects(
      startControlPlane({ dir, bin, name: "test" }),
      /etcd ended with exit code 7.*the disk is full/s,
    );
    assert.equal(readFileSync(join(bin, "runs"), "utf8"), "x\n");
  });

  it("tries other ports when it lost one to another process, and gives up after five", async () => {
    const [dir, bin] = [tempDir(), tempDir()];
    const args = join(bin, "args");
    fakeEtcd(
      bin,
      `echo "$@" | tr ' ' '\\n' | grep listen-client >> ${args}; echo "bind: address already in use"; exit 1`,
    );
    writeFileSync(join(bin, "kube-apiserver"), "#!/bin/sh\nexec sleep 60\n");
    chmodSync(join(bin, "kube-apiserver"), 0o755);
    await assert.rejects(startControlPlane({ dir, bin, name: "test" }), /address already in use/);
    const tried = readFileSync(args, "utf8").trim().split("\n");
    assert.equal(tried.length, 5);
    assert.equal(new Set(tried).size, 5);
  });
});
