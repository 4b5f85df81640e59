import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeLock } from "../../../../flux/lock/write-lock.js";
import { LOCK_FILE, readLock } from "../../../../flux/release/lock.js";
import { lockOf } from "../../../support/unit/flux-manifest.js";

const lock = { "v9.9.9": lockOf() };

describe("writing the lock", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-lock-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("refuses content that could not be read again, before anything is written", () => {
    assert.throws(
      () => writeLock(root, { "v9.9.9": { ...lockOf(), digest: "sha256:short" } }),
      /v9\.9\.9\.digest: must be sha256/,
    );
    assert.deepEqual(readdirSync(root), []);
  });

  it("that fails at the last step leaves nothing of its own behind", () => {
    mkdirSync(join(root, LOCK_FILE));
    assert.throws(
      () => writeLock(root, lock),
      /flux\.lock\.json: cannot be written: (EISDIR|ENOTEMPTY|EEXIST).*permissions/,
    );
    assert.deepEqual(readdirSync(root), [LOCK_FILE]);
  });

  it("that cannot begin leaves alone what is in its way", () => {
    const other = `${LOCK_FILE}.${process.pid}.new`;
    writeFileSync(join(root, other), "of another process");
    assert.throws(() => writeLock(root, lock), /cannot be written: EEXIST/);
    assert.deepEqual(readdirSync(root), [other]);
  });

  it("replaces the old file by a new one, so that no reader gets a part", () => {
    writeFileSync(join(root, LOCK_FILE), "{}");
    const before = statSync(join(root, LOCK_FILE)).ino;
    writeLock(root, lock);
    assert.notEqual(statSync(join(root, LOCK_FILE)).ino, before);
    assert.deepEqual(readLock(root), lock);
    assert.deepEqual(readdirSync(root), [LOCK_FILE]);
  });
});
