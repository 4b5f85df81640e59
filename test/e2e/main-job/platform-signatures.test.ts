import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import { CoreV1Api } from "@kubernetes/client-node";
import { FluxObjects, isReady, ready } from "../../support/e2e/flux-objects.js";
import type { GitClone } from "../../support/e2e/git-clone.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { signCommits } from "../../support/e2e/sign-commits.js";

const [ann, mallory] = [generateKeyPair("ed25519"), generateKeyPair("ed25519")];
const file = "fleet/infrastructure/base/cluster-info.yaml";
const source = { kind: "GitRepository", namespace: "flux-system", name: "platform" } as const;
const root = { ...source, kind: "Kustomization" } as const;
const infrastructure = { ...root, name: "infrastructure" } as const;

/** Flux applies the platform's repository as cluster-admin, here with a signature of Ann's alone. */
describe("main job: a platform repository that demands signed commits", function () {
  this.timeout(15 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let clone: GitClone;
  let flux: FluxObjects;
  let former: string;

  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    await staging.engine.ensureUp();
    clone = await sandbox.clone("platform");
    flux = new FluxObjects(staging.kubernetes);
    former = await readFile(join(clone.directory, file), "utf8");
  });

  const signWith = async (key: typeof ann | undefined) => signCommits(clone, key, await sandbox.scratch("signing"));
  const push = async (text: string) => {
    const content = former.replace("\ndata:\n", `\ndata:\n  note: ${text}\n`);
    assert.notEqual(content, former);
    const commit = await clone.commitAndPush(text, { [file]: content });
    await flux.reconcileNow(source);
    return commit;
  };
  const note = async () => {
    const namespace = "platform";
    const { data } = await staging.kubernetes
      .client(CoreV1Api)
      .readNamespacedConfigMap({ namespace, name: "cluster-info" });
    return data?.note;
  };
  /** The root sync and the one below it have applied a commit. */
  const applied = async (commit: string) => {
    for (const sync of [root, infrastructure]) {
      await flux.waitFor(sync, (one) => isReady(one) && one.status?.lastAppliedRevision?.endsWith(commit) === true);
    }
  };
  /** The source is refused for this reason, and everything runs on as it was. */
  const refused = async (commit: string, reason: RegExp) => {
    const { lastAppliedRevision } = (await flux.get(infrastructure)).status ?? {};
    const message = await flux.waitForRefusal(source, reason);
    assert.ok(message.includes(commit), message);
    await flux.reconcileNow(infrastructure);
    const sync = await flux.get(infrastructure);
    assert.equal(sync.status?.lastAppliedRevision, lastAppliedRevision);
    assert.equal(sync.status?.lastAttemptedRevision?.includes(commit), false);
    assert.equal(ready(await flux.get(root))?.status, "True");
    assert.equal(await note(), "by Ann");
  };

  it("is demanded by an update once the head is signed, and its syncs are Ready", async () => {
    await signWith(ann);
    const commit = await push("by Ann");
    await applied(commit);
    const cwd = await copyProgram(await sandbox.scratch("program"));
    const verify = { keys: { ann: ann.public.trim() } };
    await editYaml(cwd, "Pulumi.staging.yaml", [[["config", "fleet:platformRepository"], { verify }]]);
    await staging.engine.up({ cwd });
    await flux.waitFor(source, isReady);
    await applied(commit);
  });

  it("has no unsigned push applied, says why, and the last revision keeps running", async () => {
    await signWith(undefined);
    await refused(await push("unsigned"), /signature verification of commit '.*' failed: unsupported signature type/);
  });

  it("has no push applied that another key signed", async () => {
    await signWith(mallory);
    await refused(await push("by Mallory"), /unable to verify payload with any of the given authorized keys/);
  });

  it("has a signed push applied", async () => {
    await signWith(ann);
    await applied(await push("by Ann again"));
    assert.equal(await note(), "by Ann again");
  });

  it("has an unsigned push applied without the setting: nothing else refuses it", async () => {
    await staging.engine.up();
    await signWith(undefined);
    const commit = await clone.commitAndPush("As it was", { [file]: former });
    await flux.reconcileNow(source);
    await applied(commit);
    assert.equal(await note(), undefined);
  });
});
