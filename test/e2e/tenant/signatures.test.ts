import assert from "node:assert/strict";
import { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import { CoreV1Api } from "@kubernetes/client-node";
import { DryRun } from "../../support/e2e/dry-run.js";
import { ready } from "../../support/e2e/flux-objects.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { signCommits } from "../../support/e2e/sign-commits.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { reference } from "../../support/objects/object.js";

const team = "team-signed";
const [ann, mallory] = [generateKeyPair("ed25519"), generateKeyPair("ed25519")];

/** A tenant whose commits Flux applies only with a signature of Ann's. */
describe("A tenant that demands signed commits", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, () => ({
    base: { sync: { verify: { keys: { ann: ann.public.trim() } } } },
  }));
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let tenant: Tenant;
  let core: CoreV1Api;

  before(async () => {
    ({ sandbox, staging } = await shared());
    tenant = await Tenant.of(sandbox, staging, team);
    core = staging.kubernetes.client(CoreV1Api);
  });

  /** Has git sign every commit with a key, or none. */
  const signWith = async (key: typeof ann | undefined) =>
    signCommits(tenant.clone, key, await sandbox.scratch("signing"));
  const push = (text: string) => tenant.push(configMap({ name: "signed" }, { text }));
  /** The text that the cluster runs. */
  const running = async () => {
    const { data } = await core.readNamespacedConfigMap({ namespace: tenant.namespace, name: "signed" });
    return data?.text;
  };
  /** The source is refused for this reason, and the sync runs what it ran. */
  const refused = async (commit: string, reason: RegExp) => {
    const message = await tenant.flux.waitForRefusal(tenant.source, reason);
    assert.ok(message.includes(commit), message);
    const sync = await tenant.flux.get(tenant.sync);
    assert.equal(sync.status?.lastAttemptedRevision?.includes(commit), false);
    assert.equal(ready(sync)?.status, "True");
    assert.equal(await running(), "by Ann");
  };

  it("has nothing applied of the first commit, which has no signature, and reads why", async () => {
    const first = await tenant.clone.git("rev-parse", "HEAD");
    const message = await tenant.flux.waitForRefusal(tenant.source, /signature verification of commit '.*' failed/);
    assert.ok(message.includes(first), message);
    assert.equal((await tenant.flux.get(tenant.sync)).status?.lastAppliedRevision, undefined);
  });

  it("has a commit applied that Ann signed", async () => {
    await signWith(ann);
    await tenant.applied(await push("by Ann"));
    assert.equal(await running(), "by Ann");
  });

  it("has no unsigned push applied, reads why, and the last revision keeps running", async () => {
    await signWith(undefined);
    await refused(await push("unsigned"), /signature verification of commit '.*' failed: unsupported signature type/);
  });

  it("has no push applied that another key signed, whatever name it gives itself", async () => {
    await signWith(mallory);
    await refused(await push("by Mallory"), /unable to verify payload with any of the given authorized keys/);
  });

  it("cannot weaken this: neither its source nor the Secret with the keys is its own", async () => {
    const { namespace } = tenant;
    const reconciler = new DryRun(await staging.kubernetes.serviceAccount(namespace, "reconciler"));
    const source = reference("GitRepository", { name: team, namespace });
    const keys = reference("Secret", { name: `tenant-verify-${team}`, namespace });
    const attempts = [
      reconciler.change(source, { spec: { verify: null } }),
      reconciler.change(source, { spec: { verify: { secretRef: { name: "own" } } } }),
      reconciler.change(keys, { stringData: { "mallory.sshpub": mallory.public } }),
      reconciler.remove(keys),
    ];
    for (const words of await Promise.all(attempts)) assert.match(String(words), /belongs to the platform/);
    const { data } = await core.readNamespacedSecret({ namespace, name: keys.metadata.name });
    assert.deepEqual(Object.keys(data ?? {}), ["ann.sshpub"]);
  });

  it("has all of it applied with a signed commit on top, as Flux verifies the head alone", async () => {
    await signWith(ann);
    await tenant.applied(await push("by Ann again"));
    assert.equal(await running(), "by Ann again");
  });
});
