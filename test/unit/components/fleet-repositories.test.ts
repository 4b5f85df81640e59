import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { resolved } from "../../../review/record/recorder.js";
import { ownRepository, recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const deployKey = "github:index/repositoryDeployKey:RepositoryDeployKey";
const repository = "github:index/repository:Repository";
const gitRepository = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";

describe("Fleet, about its repositories", () => {
  const tenants = [tenantSpec("team-a"), tenantSpec("team-b")];

  describe("after a lost state, or a removal", () => {
    const seed = "github:index/repositoryFile:RepositoryFile";

    it("takes its repositories over instead of creating a second one, which GitHub would refuse", async () => {
      const names = ["platform", "team-a", "team-b", "tenant-template"];
      const fleet = await recordFleet(fleetSpec({ tenants }), { repositories: new Map(names.map(ownRepository)) });
      assert.deepEqual(
        fleet
          .ofType(repository)
          .map(({ importId }) => importId)
          .sort(),
        names,
      );
    });

    it("takes over the platform's existing files with any content, and adds the missing ones", async () => {
      const fleet = await recordFleet(fleetSpec({ tenants }), {
        repositories: new Map([ownRepository("platform")]),
        platformFiles: new Set(["fleet/README.md"]),
      });
      const files = fleet.ofType(seed).filter(({ inputs }) => inputs.repository === "platform");
      assert.ok(files.length > 1);
      for (const { inputs, importId, ignoreChanges, retainOnDelete } of files) {
        assert.equal(importId, inputs.file === "fleet/README.md" ? "platform:fleet/README.md:main" : "");
        assert.ok(ignoreChanges.includes("content"), `${inputs.file} would be written again`);
        assert.equal(inputs.overwriteOnCreate, false);
        assert.equal(retainOnDelete, true);
      }
    });
  });

  it("tells other stacks GitHub's ids of all repositories that it manages, and of no others", async () => {
    const shared = tenantSpec("team-b", { repository: { name: "theirs", existing: true } });
    const elsewhere = tenantSpec("team-c");
    const spec = fleetSpec({ tenants: [tenantSpec("team-a"), shared], tenantsElsewhere: [elsewhere] });
    const { result } = await recordFleet(spec, { repositories: new Map([ownRepository("theirs")]) });
    const names = ["platform", "tenant-template", "team-a", "team-c"];
    assert.deepEqual(
      await resolved(pulumi.output(result.repositoryIds)),
      Object.fromEntries(names.map((name) => [name, `id of ${name}`])),
    );
  });

  it("keeps repositories on GitHub at pulumi destroy, with their rulesets, and the rights and members of teams", async () => {
    const team = { name: "shop", members: ["ann"] };
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team })] }));
    const repositories = fleet.ofType(repository);
    assert.equal(repositories.length, 3);
    for (const { retainOnDelete, protect } of repositories) assert.deepEqual([retainOnDelete, protect], [true, false]);
    const resourcesWith = (type: string) =>
      fleet.ofType(`github:index/${type}`).map(({ name, deletedWith }) => [name, deletedWith.split("::").at(-1)]);
    assert.deepEqual(resourcesWith("repositoryRuleset:RepositoryRuleset").sort(), [
      ["fleet-platform-ruleset-fleet", "fleet-platform-repository-github"],
      ["fleet-platform-ruleset-fleet-review", "fleet-platform-repository-github"],
      ["fleet-tenant-template-ruleset-fleet", "fleet-tenant-template-repository-github"],
      ["fleet-tenant-template-ruleset-fleet-review", "fleet-tenant-template-repository-github"],
      ["team-a.team-a-ruleset-fleet", "team-a.team-a-repository-github"],
    ]);
    assert.deepEqual(resourcesWith("teamRepository:TeamRepository"), [
      ["team-a.team-a-team", "team-a.team-a-repository-github"],
    ]);
    assert.deepEqual(resourcesWith("teamMembership:TeamMembership"), [["team-a-team.ann", "team-a-team-github"]]);
    for (const { deletedWith, retainOnDelete } of fleet.ofType(deployKey)) {
      assert.deepEqual([deletedWith, retainOnDelete], ["", false]);
    }
  });

  describe("on another stack", () => {
    it("creates no repository and only adds its own key to those that exist", async () => {
      const names = ["platform", "team-a", "team-b"];
      const fleet = await recordFleet(
        fleetSpec({
          stack: "prod-eu",
          cluster: "prod-eu",
          github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false },
          tenants,
        }),
        { repositories: new Map(names.map(ownRepository)) },
      );
      assert.deepEqual(fleet.ofType(repository), []);
      assert.equal(fleet.result.repositoryIds, undefined);
      assert.deepEqual(
        fleet.ofType(deployKey).map(({ inputs }) => [inputs.repository, inputs.title]),
        names.map((name) => [name, "fleet/prod-eu (read-only)"]),
      );
      const { spec } = fleet.find(gitRepository, "team-a.team-a-source").inputs as { spec: { url: string } };
      assert.equal(spec.url, "ssh://git@github.com/acme/team-a.git");
    });
  });
});
