import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { ensureSecrets, readSecrets } from "../../../state/secrets.js";
import { useTemporaryState } from "../../support/temporary-state.js";

describe("the sandbox's secrets", () => {
  const paths = useTemporaryState();

  it("are not made anew over a damaged file, which would lock everyone out of the stacks' states", async () => {
    writeFileSync(paths().secrets, '{"githubToken":"ghp_0123456789012345678901234567"');
    await assert.rejects(ensureSecrets(paths()), /damaged.*\n.*down --purge/);
    assert.match(readFileSync(paths().secrets, "utf8"), /^\{"githubToken"/);
  });

  it("are never quoted in the message about a damaged file", async () => {
    writeFileSync(paths().secrets, '{"githubToken":"ghp_hidden_hidden_hidden","pulumiPassphrase":"x"}');
    await assert.rejects(readSecrets(paths()), (error: Error) => !error.message.includes("hidden"));
  });

  it("can be read by their owner only", async () => {
    await ensureSecrets(paths());
    assert.equal(statSync(paths().secrets).mode & 0o777, 0o600);
  });

  it("stay the same from start to start, and differ between state directories", async () => {
    const first = await ensureSecrets(paths());
    assert.deepEqual(await ensureSecrets(paths()), first);
    assert.notEqual(first.githubToken, first.pulumiPassphrase);
    assert.ok(first.githubToken.length >= 36);
  });
});
