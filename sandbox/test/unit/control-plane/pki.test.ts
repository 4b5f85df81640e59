import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { preparePki } from "../../../control-plane/pki.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("the keys of a control plane", () => {
  const tempDir = tempDirs();

  it("are readable by their owner only", async () => {
    const dir = tempDir();
    await preparePki(dir);
    const open = readdirSync(dir).filter((name) => (statSync(join(dir, name)).mode & 0o077) !== 0);
    assert.deepEqual(open, []);
  });

  it("do not change their authorities on a restart, or every kubeconfig and token given out would break", async () => {
    const dir = tempDir();
    const kept = ["ca.crt", "ca.key", "etcd-ca.crt", "service-account.key", "service-account.pub"];
    const contents = () => kept.map((name) => readFileSync(join(dir, name), "utf8"));
    await preparePki(dir);
    const before = contents();
    await preparePki(dir);
    assert.deepEqual(contents(), before);
  });

  it("are issued anew below the authorities on a restart, so that they do not run out", async () => {
    const dir = tempDir();
    const first = await preparePki(dir);
    const serving = readFileSync(first.apiserver.cert, "utf8");
    const second = await preparePki(dir);
    assert.notEqual(readFileSync(second.apiserver.cert, "utf8"), serving);
  });

  it("give etcd an authority that no user of the API server belongs to", async () => {
    const pki = await preparePki(tempDir());
    assert.notEqual(readFileSync(pki.etcd.ca, "utf8"), pki.ca.pem);
  });
});
