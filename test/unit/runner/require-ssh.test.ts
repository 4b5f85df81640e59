import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireSsh } from "../../support/runner/require-ssh.js";

describe("requireSsh", () => {
  let bin: string;
  before(async () => {
    bin = await mkdtemp(join(tmpdir(), "fleet-require-ssh-"));
  });
  after(() => rm(bin, { recursive: true }));

  it("says what to install when there is no ssh, and is content when there is one", async () => {
    await assert.rejects(
      requireSsh({ PATH: bin }),
      /ssh cannot be run.*ENOENT.*\nWhat to do: install OpenSSH's client/s,
    );
    await writeFile(join(bin, "ssh"), "#!/bin/sh\necho OpenSSH_9.2p1 >&2\n", { mode: 0o755 });
    await requireSsh({ PATH: bin });
  });
});
