import assert from "node:assert/strict";
import type { Recording } from "../../../../review/record/recorder.js";
import { ownRepository, recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const ruleset = "github:index/repositoryRuleset:RepositoryRuleset";
const repositoryFile = "github:index/repositoryFile:RepositoryFile";
const repositoryType = "github:index/repository:Repository";
const spec = tenantSpec("team-a");
const codeowners = [{ pattern: "*", owners: ["@acme/shop"] }];
const protection = { pullRequest: true, reviews: 1, codeOwners: true };
const repository = { protection, codeowners, topics: ["web", "managed-by-fleet"] };
const asking = tenantSpec("team-a", { repository });

/** The rulesets of the tenant's repository, without those of the platform's repositories. */
const rulesetsOf = (fleet: Recording) => fleet.ofType(ruleset).filter(({ name }) => name.startsWith("team-a."));

describe("A tenant's repository", () => {
  it("is protected before anybody pushes, by default and at the cost of one resource", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [spec] }));
    const [rule, ...others] = rulesetsOf(fleet);
    assert.deepEqual(others, []);
    assert.equal(rule?.inputs.enforcement, "active");
    assert.deepEqual(rule?.inputs.conditions, {
      // The second one holds when an administrator makes another branch the default one.
      refName: { includes: ["~DEFAULT_BRANCH", "refs/heads/main"], excludes: [] },
    });
  });

  it("loses its protection before it is archived, when GitHub refuses every change", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [spec] }));
    const [rule] = rulesetsOf(fleet);
    assert.ok(
      rule !== undefined && fleet.waitsFor(rule, fleet.find(repositoryType, "team-a.team-a-repository-github")),
    );
  });

  it("lets the program's commit through before it is made", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [asking] }));
    const file = fleet.find(repositoryFile, "team-a.team-a-file-.github/CODEOWNERS");
    const review = fleet.find(ruleset, "team-a.team-a-ruleset-fleet-review");
    assert.ok(fleet.waitsFor(file, review));
    assert.deepEqual(review.inputs.bypassActors, [{ actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }]);
    assert.deepEqual(file.ignoreChanges, ["commitMessage"], "the program keeps the content");
  });

  it("has each topic once, our own among them", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [asking] }));
    assert.deepEqual(fleet.find(repositoryType, "team-a.team-a-repository-github").inputs.topics, [
      "managed-by-fleet",
      "web",
    ]);
  });

  it("is left as it is when another owner made it, or another stack manages it", async () => {
    const repositories = new Map(["platform", "team-a"].map(ownRepository));
    const existing = tenantSpec("team-a", { repository: { ...repository, existing: true } });
    const github = { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false };
    for (const fleet of [
      await recordFleet(fleetSpec({ tenants: [existing] }), { repositories }),
      await recordFleet(fleetSpec({ tenants: [asking], github }), { repositories }),
    ]) {
      assert.deepEqual(rulesetsOf(fleet), []);
      assert.deepEqual(
        fleet.ofType(repositoryFile).filter(({ name }) => name.startsWith("team-a")),
        [],
      );
    }
  });

  it("may be shared by tenants when another owner made it: each adds a key of its own, and nothing else", async () => {
    const repositories = new Map(["platform", "mono"].map(ownRepository));
    const tenants = ["team-a", "team-b"].map((name) =>
      tenantSpec(name, { repository: { name: "mono", existing: true } }),
    );
    const fleet = await recordFleet(fleetSpec({ tenants }), { repositories });
    const keys = fleet.ofType("github:index/repositoryDeployKey:RepositoryDeployKey");
    const own = keys.filter(({ inputs }) => inputs.repository === "mono");
    assert.deepEqual(
      own.map(({ name, inputs }) => [name.replace(/-key-.*/, ""), inputs.readOnly]),
      [
        ["team-a.mono", true],
        ["team-b.mono", true],
      ],
    );
    assert.deepEqual(
      fleet.ofType(repositoryType).map(({ inputs }) => inputs.name),
      ["platform", "tenant-template"],
    );
  });
});
