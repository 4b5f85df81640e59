import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GitClient, gitHubAndClient } from "../../support/git-client.js";
import { owner, type TestGitHub } from "../../support/github.js";

describe("GitHub emulator: Git over SSH", () => {
  let test: TestGitHub;
  let client: GitClient;
  before(async () => {
    ({ test, client } = await gitHubAndClient());
  });
  after(() => client.remove().then(() => test.stop()));
  const create = (name: string) =>
    test.expect(201, "POST", `/orgs/${owner}/repos`, { name, auto_init: true, visibility: "private" });

  it("refuses a key that is not registered", async () => {
    await create("locked");
    const stranger = await client.key();
    const { code, output } = await client.git(["ls-remote", client.ssh("locked")], { key: stranger.file });
    assert.notEqual(code, 0);
    assert.match(output, /Permission denied \(publickey\)/);
  });

  it("refuses every user name except git", async () => {
    await create("named");
    const key = await client.deployKey("named", true);
    const url = client.ssh("named").replace("git@", "root@");
    assert.match((await client.git(["ls-remote", url], { key: key.file })).output, /Permission denied/);
  });

  it("opens to a key its own repository and no other", async () => {
    await create("mine");
    await create("yours");
    const key = await client.deployKey("mine", false);
    await client.must(["ls-remote", client.ssh("mine")], { key: key.file });
    for (const name of ["yours", "nothing", "../mine", "mine.git/../yours"]) {
      const { code, output } = await client.git(["ls-remote", client.ssh(name)], { key: key.file });
      assert.notEqual(code, 0);
      assert.match(output, /ERROR: Repository not found\./);
    }
    const other = client.ssh("mine").replace(`/${owner}/`, "/other/");
    assert.match((await client.git(["ls-remote", other], { key: key.file })).output, /Repository not found/);
  });

  it("refuses commands that are not Git's, and injected ones", async () => {
    await create("shell");
    const key = await client.deployKey("shell", false);
    for (const command of [
      "id",
      `git-upload-pack '${owner}/shell.git'; id`,
      `git-upload-pack ${owner}/$(id).git`,
      "scp -t /",
      "git-upload-archive x",
    ]) {
      const { code, output } = await client.sshCommand(key.file, command);
      assert.equal(code, 1, command);
      assert.doesNotMatch(output, /uid=/);
    }
    const greeting = await client.sshCommand(key.file);
    assert.match(greeting.output, /does not provide shell access/);
  });

  it("refuses a push with a read-only key, in GitHub's words", async () => {
    await create("guarded");
    const key = await client.deployKey("guarded", true);
    const clone = await client.clone(client.ssh("guarded"), key.file);
    await client.commit(clone, "new", "new\n");
    const { code, output } = await client.git(["push"], { cwd: clone, key: key.file });
    assert.notEqual(code, 0);
    assert.match(output, /ERROR: The key you are authenticating with has been marked as read only\./);
  });

  it("refuses a push to an archived repository, and still serves it", async () => {
    await create("shelved");
    const key = await client.deployKey("shelved", false);
    const clone = await client.clone(client.ssh("shelved"), key.file);
    await client.commit(clone, "new", "new\n");
    await test.expect(200, "PATCH", `/repos/${owner}/shelved`, { archived: true });
    const { code, output } = await client.git(["push"], { cwd: clone, key: key.file });
    assert.notEqual(code, 0);
    assert.match(output, /ERROR: This repository was archived so it is read-only\./);
    await client.must(["fetch"], { cwd: clone, key: key.file });
  });

  it("shuts a removed key out at once, and a removed repository's keys too", async () => {
    await create("rotated");
    const key = await client.deployKey("rotated", true);
    await client.must(["ls-remote", client.ssh("rotated")], { key: key.file });
    await test.expect(204, "DELETE", `/repos/${owner}/rotated/keys/${String(key.id)}`);
    assert.match(
      (await client.git(["ls-remote", client.ssh("rotated")], { key: key.file })).output,
      /Permission denied/,
    );
    const last = await client.deployKey("rotated", true);
    await test.expect(204, "DELETE", `/repos/${owner}/rotated`);
    assert.match(
      (await client.git(["ls-remote", client.ssh("rotated")], { key: last.file })).output,
      /Permission denied/,
    );
  });

  it("cannot be impersonated: its host keys are those of the meta endpoint", async () => {
    await create("trusted");
    const key = await client.deployKey("trusted", true);
    const another = await client.key();
    await client.trust([another.publicKey]);
    const { code, output } = await client.git(["ls-remote", client.ssh("trusted")], { key: key.file });
    assert.notEqual(code, 0);
    assert.match(output, /Host key verification failed|no matching host key|REMOTE HOST IDENTIFICATION/i);
    await client.trustEmulator();
  });

  for (const type of ["ed25519", "ecdsa", "rsa"] as const) {
    it(`clones and pushes with an ${type} key`, async () => {
      await create(`keyed-${type}`);
      const key = await client.deployKey(`keyed-${type}`, false, type);
      const clone = await client.clone(client.ssh(`keyed-${type}`), key.file);
      await client.commit(clone, "app.yaml", "kind: App\n");
      await client.must(["push", "--quiet"], { cwd: clone, key: key.file });
      const file = await test.expect(200, "GET", `/repos/${owner}/keyed-${type}/contents/app.yaml`);
      assert.ok(file);
    });
  }

  it("moves megabytes both ways without damage, several at a time", async () => {
    await create("large");
    const key = await client.deployKey("large", false);
    const clone = await client.clone(client.ssh("large"), key.file);
    const bytes = randomBytes(5 * 1024 * 1024);
    await client.commit(clone, "blob", bytes);
    await client.must(["push", "--quiet"], { cwd: clone, key: key.file });
    const copies = await Promise.all([1, 2, 3].map(() => client.clone(client.ssh("large"), key.file)));
    for (const copy of copies) assert.ok(bytes.equals(await readFile(join(copy, "blob"))));
  });

  it("follows a repository to its new name", async () => {
    await create("was");
    const key = await client.deployKey("was", true);
    await test.expect(200, "PATCH", `/repos/${owner}/was`, { name: "is" });
    for (const name of ["was", "is"]) await client.must(["ls-remote", client.ssh(name)], { key: key.file });
  });

  it("keeps repositories, keys, host keys and ports over a restart", async () => {
    await create("lasting");
    const key = await client.deployKey("lasting", false);
    const clone = await client.clone(client.ssh("lasting"), key.file);
    await client.commit(clone, "kept", "kept\n");
    await client.must(["push", "--quiet"], { cwd: clone, key: key.file });
    await test.restart();
    // The same known_hosts and address as before.
    await client.must(["pull", "--quiet"], { cwd: clone, key: key.file });
    await test.expect(200, "GET", `/repos/${owner}/lasting/contents/kept`);
  });

  it("fails as it was told, and only where it was told", async () => {
    await create("faulty");
    const key = await client.deployKey("faulty", true);
    const list = () => client.git(["ls-remote", client.ssh("faulty")], { key: key.file });
    await test.admin("POST", "/faults", { status: 503 });
    assert.equal((await list()).code, 0, "a fault that does not name SSH is about HTTP");
    await test.admin("DELETE", "/faults");
    for (const fault of [{ status: 503 }, { drop: true }]) {
      await test.admin("POST", "/faults", { ...fault, match: { method: "SSH", path: "/acme/faulty.git" } });
      assert.notEqual((await list()).code, 0);
      assert.equal((await list()).code, 0);
    }
  });

  it("stops promptly while clients hold connections open", async () => {
    await create("held");
    const key = await client.deployKey("held", true);
    const session = client.hold(key.file, `git-upload-pack '${owner}/held.git'`);
    await session.speaking;
    await test.restart();
    const { code } = await session.ended;
    assert.notEqual(code, 0);
  });
});
