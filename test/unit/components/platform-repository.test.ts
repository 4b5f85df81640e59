import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { registeredObjects } from "../../../preflight/registered-objects.js";
import { newSshKey } from "../../support/signing-keys.js";
import { ownRepository, recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const fileType = "github:index/repositoryFile:RepositoryFile";
const rulesetType = "github:index/repositoryRuleset:RepositoryRuleset";
const sourceType = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
const plain = fleetSpec();

/** A stack with other settings of the platform's repository. */
function withRepository(changed: Partial<FleetSpec["platform"]["repository"]>): FleetSpec {
  return { ...plain, platform: { ...plain.platform, repository: { ...plain.platform.repository, ...changed } } };
}

interface Verification {
  readonly mode: string;
  readonly secretRef: { readonly name: string };
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const owners = { platform: ["@acme/platform"], security: ["@acme/security"] };

describe("The platform's repository", () => {
  it("takes changes by reviewed pull requests only, and exempts the program, which commits to it", async () => {
    const fleet = await recordFleet(plain);
    const rules = fleet.find(rulesetType, "fleet-platform-ruleset-fleet-review");
    assert.deepEqual(rules.inputs.bypassActors, [{ actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }]);
    const { pullRequest } = rules.inputs.rules as { readonly pullRequest: Readonly<Record<string, unknown>> };
    assert.deepEqual(pullRequest, {
      requiredApprovingReviewCount: 1,
      requireCodeOwnerReview: false,
      dismissStaleReviewsOnPush: true,
      requireLastPushApproval: true,
      requiredReviewThreadResolution: true,
    });
    assert.deepEqual(fleet.find(rulesetType, "fleet-platform-ruleset-fleet").inputs.bypassActors, []);
  });

  it("has its owners written after its first files, one commit after the other, and demands their approval", async () => {
    const fleet = await recordFleet(withRepository({ owners }));
    const file = fleet.find(fileType, "fleet-platform-file-.github/CODEOWNERS");
    const lines = String(file.inputs.content).split("\n").slice(1);
    assert.deepEqual(lines, ["* @acme/platform", "/fleet/ @acme/security", "/.github/ @acme/security", ""]);
    const seeds = fleet.ofType(fileType).filter(({ name }) => name.startsWith("fleet-platform-seed-"));
    assert.ok(seeds.length > 0);
    for (const seed of seeds) assert.ok(fleet.waitsFor(file, seed), seed.name);
    const rules = fleet.find(rulesetType, "fleet-platform-ruleset-fleet-review");
    assert.ok(fleet.waitsFor(file, rules));
    assert.match(JSON.stringify(rules.inputs), /"requireCodeOwnerReview":true/);
    // The cluster needs no owners to start.
    assert.ok(!fleet.waitsFor(fleet.find(sourceType, "fleet-platform-sync-source"), file));
  });

  it("is left by another stack to the one that creates repositories", async () => {
    const github = { ...plain.github, repositoryOwner: "prod-eu", ownsRepositories: false };
    const repositories = new Map([ownRepository("platform")]);
    const fleet = await recordFleet({ ...withRepository({ owners }), github }, { repositories });
    assert.deepEqual(fleet.ofType(rulesetType), []);
    assert.deepEqual(fleet.ofType(fileType), []);
  });

  it("is verified by Flux with keys in a Secret of Flux's namespace, a tag in place of the branch too", async () => {
    const verify = { mode: "TagAndHEAD", keys: { ann: newSshKey() } } as const;
    const spec = { ...plain, platform: { ...plain.platform, verify, tag: "v1.0.0" } };
    const fleet = await recordFleet(spec);
    const source = fleet.find(sourceType, "fleet-platform-sync-source");
    const secret = fleet.find("kubernetes:core/v1:Secret", "fleet-platform-sync-verify");
    assert.ok(fleet.waitsFor(source, secret));
    const { ref, verify: verified } = source.inputs.spec as { readonly ref: unknown; readonly verify: unknown };
    assert.deepEqual(ref, { tag: "v1.0.0" });
    assert.deepEqual(verified, { mode: "TagAndHEAD", secretRef: { name: "platform-verify" } });
    assert.ok(registeredObjects(spec, []).some(({ metadata }) => metadata.name === "platform-verify"));
    assert.ok(!registeredObjects(plain, []).some(({ metadata }) => metadata.name === "platform-verify"));
  });

  // test/e2e/tenant/signatures.test.ts shows on a cluster that Flux refuses unsigned commits of a tenant with these objects.
  it("is verified as a tenant's repository is: the same field of the source, by the same Secret and keys", async () => {
    const verify = { mode: "HEAD", keys: { ann: newSshKey(), bob: newSshKey() } } as const;
    const tenants = [tenantSpec("team-a", { sync: { verify } })];
    const fleet = await recordFleet(fleetSpec({ tenants, platform: { ...plain.platform, verify } }));
    const demands = (owner: string) => {
      const { verify: demanded } = fleet.find(sourceType, `${owner}-source`).inputs.spec as { verify: Verification };
      const secret = fleet.find("kubernetes:core/v1:Secret", `${owner}-verify`).inputs;
      const { name, namespace, annotations } = secret.metadata as Metadata;
      const { namespace: ofSource } = fleet.find(sourceType, `${owner}-source`).inputs.metadata as Metadata;
      assert.deepEqual([demanded.secretRef.name, ofSource], [name, namespace], owner);
      return { mode: demanded.mode, type: secret.type, data: secret.data, keys: annotations["fleet.dev/signing-keys"] };
    };
    const ofPlatform = demands("fleet-platform-sync");
    assert.equal(Object.keys(Object(ofPlatform.data)).length, 2);
    assert.deepEqual(ofPlatform, demands("team-a.team-a"));
  });
});
