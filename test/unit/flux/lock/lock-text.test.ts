import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lockText } from "../../../../flux/lock/write-lock.js";
import { LOCK_FILE, readLock } from "../../../../flux/release/lock.js";
import { lockOf } from "../../../support/unit/flux-manifest.js";

describe("the text of the lock", () => {
  it("has versions by number, not by letter, and fields and controllers always in the same order", () => {
    const { controllers, objects, digest, source } = lockOf();
    const backwards = Object.fromEntries(
      Object.entries(controllers)
        .reverse()
        .map(([name, { digest: image, ...rest }]) => [name, { digest: image, ...rest }]),
    );
    const entry = { controllers: backwards, objects, digest, source };
    const text = lockText({ "v2.10.0": entry, "v10.0.0": entry, "v2.9.2": entry, "v2.9.10": entry });
    assert.deepEqual(Object.keys(JSON.parse(text)), ["v2.9.2", "v2.9.10", "v2.10.0", "v10.0.0"]);
    const ordered = lockOf();
    assert.equal(text, lockText({ "v2.9.2": ordered, "v2.9.10": ordered, "v2.10.0": ordered, "v10.0.0": ordered }));
  });

  it("is what is committed, so that locking a version adds lines and changes none", () => {
    const root = join(import.meta.dirname, "../../../..");
    assert.equal(lockText(readLock(root)), readFileSync(join(root, LOCK_FILE), "utf8"));
  });
});
