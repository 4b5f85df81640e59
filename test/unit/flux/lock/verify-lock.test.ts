import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { LockCheckout, older, source } from "../../../support/unit/lock-checkout.js";
import { version } from "../../../support/unit/lock-outside.js";

describe("fleet lock --verify", () => {
  let checkout: LockCheckout;

  beforeEach(async () => {
    checkout = new LockCheckout();
    writeFileSync(checkout.file, "{}");
    await checkout.run(version);
  });
  afterEach(() => checkout.end());

  it("finds a moved tag, a vanished one and a changed manifest at once, each by name", async () => {
    const moved = `sha256:${"f".repeat(64)}`;
    checkout.outside.tags.set(source, { ...checkout.outside.tags.get(source), "docker-content-digest": moved });
    checkout.outside.tags.delete("helm-controller:v1.0.3");
    checkout.outside.manifest = checkout.outside.manifest?.replace("source-watcher:v1.0.7", "source-watcher:v1.0.8");
    const err = await checkout.refused(
      ["--verify"],
      new RegExp(`v9\\.9\\.9\\.controllers\\.source-controller\\.digest: is locked as .*, and is now ${moved}`),
      /helm-controller\/manifests\/v1\.0\.3: .*\(404\)/,
      /controllers\.source-watcher\.version: is locked as v1\.0\.7, and is now v1\.0\.8/,
      /v9\.9\.9\.digest: is locked as/,
    );
    assert.equal(err.split("\n").length, 4);
  });

  it("finds a controller that the lock lacks, and one that the release lacks", async () => {
    const rename = (text: string) => text.replaceAll("source-watcher", "source-waiter");
    checkout.outside.manifest = rename(checkout.outside.manifest ?? "");
    await checkout.refused(
      ["--verify", version],
      /controllers\.source-waiter: is locked as nothing, and is now registry\.example\.com\/flux\/source-waiter:v1\.0\.7/,
      /controllers\.source-watcher: is locked as registry\.example\.com\/flux\/source-watcher:v1\.0\.7, and is now nothing/,
    );
  });

  it("still checks the images when the release cannot be had", async () => {
    checkout.outside.manifest = undefined;
    const moved = `sha256:${"f".repeat(64)}`;
    checkout.outside.tags.set(source, { ...checkout.outside.tags.get(source), "docker-content-digest": moved });
    await checkout.refused(["--verify"], /does not exist \(404\)/, /source-controller\.digest: is locked as/);
  });

  it("does not take a version that is not locked, or a lock without any, for checked", async () => {
    await checkout.refused(["--verify", "v9.9.7"], /Flux v9\.9\.7 has no entry.*locked: v9\.9\.9/);
    writeFileSync(checkout.file, "{}");
    await checkout.refused(["--verify"], /has no entry, so there is nothing to check/);
  });

  it("checks every version, and says which are as locked though another is not", async () => {
    writeFileSync(checkout.file, JSON.stringify({ ...JSON.parse(checkout.locked()), "v9.9.10": older }));
    const { code, out, err } = await checkout.run("--verify");
    assert.equal(code, 1);
    assert.match(out, /^Flux v9\.9\.9 is as locked: \d+ objects, 7 images\.\n$/);
    assert.match(err, /^https:\/\/releases\.example\.com\/v9\.9\.8\/install\.yaml: does not exist/m);
    assert.match(err, /^flux\.lock\.json: v9\.9\.10\.controllers\./m);
  });

  it("is content when nothing changed, and writes nothing", async () => {
    const before = checkout.locked();
    const { code, out } = await checkout.run("--verify", version);
    assert.equal(code, 0);
    assert.match(out, /is as locked/);
    assert.equal(checkout.locked(), before);
  });
});
