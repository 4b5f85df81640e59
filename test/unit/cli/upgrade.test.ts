import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { JobError } from "../../../cli/explain.js";
import { JOURNAL_FILE } from "../../../cli/write-journal.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { fluxManifest, lockOf, releaseWith, releaseWithout } from "../../support/unit/flux-manifest.js";
import { release, version } from "../../support/unit/lock-outside.js";
import { former, goldenFile, settings, UpgradeCheckout } from "../../support/unit/upgrade-checkout.js";

const git = "CustomResourceDefinition gitrepositories.source.toolkit.fluxcd.io";
const schema = { openAPIV3Schema: { type: "object" } };
const versionsOf = (...names: readonly string[]) =>
  releaseWith(git, "spec.versions", () =>
    names.map((name, index) => ({ name, served: true, storage: index === 0, schema })),
  );

describe("fleet upgrade flux", () => {
  let checkout: UpgradeCheckout;
  const begin = (before: readonly KubernetesObject[], after?: readonly KubernetesObject[]) => {
    checkout?.end();
    checkout = new UpgradeCheckout(before, after);
  };
  beforeEach(() => begin(fluxManifest()));
  afterEach(() => {
    checkout.end();
    checkout = undefined as unknown as UpgradeCheckout;
  });

  describe("called wrongly", () => {
    for (const [args, message] of [
      [[], /missing required argument 'version'/],
      [["9.9.9"], /'9\.9\.9' is invalid.*v2\.9\.2/],
      [["v9.9.9/../../evil"], /is invalid/],
      [[version, "--stack", "stagin"], /there is no stack "stagin"\. Did you mean staging\?/],
    ] as const) {
      it(`says so, and sends no request: upgrade flux ${args.join(" ")}`, async () => {
        const { code, err } = await checkout.run(...args);
        assert.equal(code, 2);
        assert.match(err, message);
        assert.deepEqual(checkout.outside.asked, []);
      });
    }
  });

  describe("refuses, and writes nothing", () => {
    it("a release that does not exist", async () => {
      checkout.outside.manifest = undefined;
      await checkout.refused([version], /install\.yaml: does not exist \(404\)/);
    });

    it("when the network does not answer", async () => {
      checkout.outside.instead.set(release, () => {
        throw new TypeError("fetch failed");
      });
      await checkout.refused([version], /github\.com.*cannot be fetched|Check the network/);
    });

    it("an older version, unless it goes back on purpose", async () => {
      await checkout.refused(
        ["v9.9.7"],
        /Pulumi\.staging\.yaml: fleet:fluxVersion: is v9\.9\.8, and v9\.9\.7 is older\..*--downgrade/,
      );
      assert.deepEqual(checkout.outside.asked, []);
    });

    it("a downgrade to a version that cannot read what the newer one stores, with the reason", async () => {
      begin(versionsOf("v2", "v1"));
      const older = "v9.9.7";
      checkout.release(older, versionsOf("v1"));
      const lock = { [former]: lockOf(versionsOf("v2", "v1")), [older]: lockOf(versionsOf("v1")) };
      checkout.write({ "flux.lock.json": JSON.stringify(lock) });
      await checkout.refused(
        [older, "--downgrade"],
        /Pulumi\.staging\.yaml: fleet:fluxVersion: Flux v9\.9\.8 stores gitrepositories\.source\.toolkit\.fluxcd\.io as v2, which Flux v9\.9\.7 does not know.*Stay with v9\.9\.8/,
      );
    });

    it("a release without a kind that the stacks have: its objects would be deleted", async () => {
      begin(fluxManifest(), releaseWithout("CustomResourceDefinition buckets.source.toolkit.fluxcd.io"));
      await checkout.refused([version], /has no buckets\.source\.toolkit\.fluxcd\.io.*delete every object of the kind/);
    });

    it("a release that the hardening does not know", async () => {
      begin(fluxManifest(), releaseWithout("ClusterRoleBinding cluster-reconciler"));
      await checkout.refused([version], /hardening step/);
    });

    it("a file of fleet/ in a version that the release does not serve, with its line", async () => {
      const object = "kind: gitrepositories\napiVersion: source.toolkit.fluxcd.io/v1beta2\nmetadata: {name: a}\n";
      checkout.write({ "fleet/infrastructure/base/source.yaml": object });
      await checkout.refused(
        [version],
        /fleet\/infrastructure\/base\/source\.yaml:2: apiVersion: Flux v9\.9\.9 does not serve gitrepositories in source\.toolkit\.fluxcd\.io\/v1beta2, but in v1\. Write source\.toolkit\.fluxcd\.io\/v1\.$/m,
      );
    });

    it("when the files of a stack have problems, before the first request", async () => {
      checkout.write({ "stacks/base/tenants/team-a.yaml": "name: team-b\n" });
      await checkout.refused([version], /stacks\/base\/tenants\/team-a\.yaml/);
      assert.deepEqual(checkout.outside.asked, []);
    });

    it("when the golden inventories cannot be written: everything is as it was", async () => {
      checkout.golden = async (root) => {
        writeFileSync(join(root, goldenFile), "half of it");
        writeFileSync(join(root, "test/unit/golden/new.json"), "{}");
        throw new JobError("npm run golden failed, so nothing was written:\nreason");
      };
      await checkout.refused([version], /nothing was written:\nreason/);
    });

    it("when it is interrupted while the golden inventories are written: everything is as it was", async () => {
      checkout.golden = async (root) => {
        writeFileSync(join(root, goldenFile), "half of it");
        process.emit("SIGINT", "SIGINT");
      };
      await checkout.refused([version], /Interrupted/);
    });
  });

  it("writes the lock entry, the settings of the first stack, and the goldens, and prints each file", async () => {
    checkout.golden = async (root) => writeFileSync(join(root, goldenFile), '["new"]\n');
    const { code, out, err } = await checkout.run(version);
    assert.equal(code, 0, err);
    const lock = JSON.parse(checkout.read("flux.lock.json"));
    assert.deepEqual(Object.keys(lock), [former, version]);
    assert.equal(lock[version].source, release);
    assert.equal(checkout.read("Pulumi.staging.yaml"), settings(version));
    assert.match(checkout.read("Pulumi.prod-eu.yaml"), /fleet:fluxVersion: v9\.9\.8 /);
    const { objects, digest } = lockOf();
    assert.ok(out.startsWith(`Flux ${version}: ${objects} objects, ${digest}\n`), out);
    assert.match(
      out,
      /Written:\n {2}flux\.lock\.json\n {2}Pulumi\.staging\.yaml\n {2}test\/unit\/golden\/staging\.json\n/,
    );
    assert.match(out, /pulumi up on staging/);
    assert.match(out, /prod-eu: npx fleet promote FROM TO --flux/);
  });

  it("gives the version to the named stacks alone", async () => {
    assert.equal((await checkout.run(version, "--stack", "prod-eu", "--no-golden")).code, 0);
    assert.match(checkout.read("Pulumi.staging.yaml"), /fleet:fluxVersion: v9\.9\.8 /);
    assert.match(checkout.read("Pulumi.prod-eu.yaml"), /fleet:fluxVersion: v9\.9\.9 /);
  });

  it("prints the differences only with --dry-run", async () => {
    const before = checkout.files();
    const { code, out } = await checkout.run(version, "--dry-run");
    assert.equal(code, 0);
    assert.match(out, /^-.*fluxVersion: v9\.9\.8 [^\n]*\n\+.*fluxVersion: v9\.9\.9 /m);
    assert.deepEqual(checkout.files(), before);
  });

  it("completes a branch on which Renovate changed the settings already", async () => {
    begin(versionsOf("v1", "v1beta2"), fluxManifest());
    checkout.write({ "Pulumi.staging.yaml": settings(version) });
    const { code, out, err } = await checkout.run(version);
    assert.equal(code, 0, err);
    assert.deepEqual(Object.keys(JSON.parse(checkout.read("flux.lock.json"))), [former, version]);
    assert.equal(checkout.read("Pulumi.staging.yaml"), settings(version));
    assert.match(out, /gitrepositories\.source\.toolkit\.fluxcd\.io: v1beta2/);
  });

  it("completes such a branch also where the lock has newer and older versions of other stacks", async () => {
    begin(versionsOf("v1", "v1beta2"), fluxManifest());
    const entry = lockOf(fluxManifest());
    const lock = { "v9.9.7": entry, ...JSON.parse(checkout.read("flux.lock.json")), "v9.10.0": entry };
    checkout.write({ "Pulumi.staging.yaml": settings(version), "flux.lock.json": JSON.stringify(lock) });
    const { code, out, err } = await checkout.run(version);
    assert.equal(code, 0, err);
    assert.match(out, /gitrepositories\.source\.toolkit\.fluxcd\.io: v1beta2\n.*run flux migrate of v9\.9\.8/);
  });

  it("writes the golden inventories after a run that was killed before it did", async () => {
    checkout.golden = async (root) => writeFileSync(join(root, goldenFile), '["new"]\n');
    assert.equal((await checkout.run(version)).code, 0);
    checkout.write({ [goldenFile]: "[]\n" });
    checkout.release(version, fluxManifest());
    const { code, out, err } = await checkout.run(version);
    assert.equal(code, 0, err);
    assert.match(out, /^Written:\n {2}test\/unit\/golden\/staging\.json\n/);
    assert.equal(checkout.read(goldenFile), '["new"]\n');
    assert.match((await checkout.run(version)).out, /^Nothing to do/);
  });

  it("completes the files of a run that was killed while it wrote them, and refuses to do so in a dry run", async () => {
    const [before, after] = [settings(former), settings(version)];
    const write = { file: "Pulumi.staging.yaml", before, after };
    const lock = { file: "flux.lock.json", before: checkout.read("flux.lock.json"), after: "{}" };
    checkout.write({ [JOURNAL_FILE]: JSON.stringify([write, lock]) });
    await checkout.refused([version, "--dry-run"], /\.fleet-writing\.json: is of a command that was killed/);
    checkout.write({ "flux.lock.json": '{"edited": true}' });
    await checkout.refused([version], /^flux\.lock\.json: was changed after a command was killed/m);
    checkout.write({ "flux.lock.json": lock.before, [JOURNAL_FILE]: JSON.stringify([write]) });
    const { code, out, err } = await checkout.run(version);
    assert.equal(code, 0, err);
    assert.match(out, /^Completed the files of an earlier command, which was killed: Pulumi\.staging\.yaml\.\n/);
    assert.equal(checkout.read("Pulumi.staging.yaml"), after);
    assert.ok(!Object.hasOwn(checkout.files(), JOURNAL_FILE));
  });

  it("names the versions that an upgrade drops, and the migration before it", async () => {
    begin(versionsOf("v1", "v1beta2"));
    const { code, out } = await checkout.run(version);
    assert.equal(code, 0);
    assert.match(out, /gitrepositories\.source\.toolkit\.fluxcd\.io: v1beta2\n.*run flux migrate of v9\.9\.8/);
  });

  it("goes back to a locked version without the registry, and back up", async () => {
    assert.equal((await checkout.run(version)).code, 0);
    checkout.release(version, fluxManifest());
    checkout.outside.asked.length = 0;
    const down = await checkout.run(former, "--downgrade");
    assert.equal(down.code, 0, down.err);
    assert.equal(checkout.read("Pulumi.staging.yaml"), settings(former));
    const up = await checkout.run(version);
    assert.equal(up.code, 0, up.err);
    assert.equal(checkout.read("Pulumi.staging.yaml"), settings(version));
    assert.deepEqual(checkout.outside.asked, []);
  });

  it("has nothing to do where everything has the version", async () => {
    const before = checkout.files();
    const { code, out } = await checkout.run(former);
    assert.equal(code, 0);
    assert.match(out, /^Nothing to do: staging and flux\.lock\.json have Flux v9\.9\.8\.\n$/);
    assert.deepEqual(checkout.files(), before);
  });
});
