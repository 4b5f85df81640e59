import assert from "node:assert/strict";
import { isManagedByFleet, teamDescription, tenantOfTeam } from "../../../../lib/github/team.js";
import { ownRepository, recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const teamType = "github:index/team:Team";
const membership = "github:index/teamMembership:TeamMembership";
const grant = "github:index/teamRepository:TeamRepository";
const repository = "github:index/repository:Repository";

const team = { name: "payments", existing: false, members: ["Ann"], maintainers: ["bob"] };
const known = (description: string) => new Map([["payments", { id: 7, slug: "payments", description }]]);
const additional = (existing: boolean) => ({ "team-a-web": { existing } });

describe("A tenant's team", () => {
  it("does not exist by default, so that a default tenant costs nothing more", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a")] }));
    assert.deepEqual([...fleet.ofType(teamType), ...fleet.ofType(grant)], []);
  });

  it("pushes to the repositories that the program made, and to no other", async () => {
    const tenant = tenantSpec("team-a", { team, repositories: additional(true) });
    const fleet = await recordFleet(fleetSpec({ tenants: [tenant] }), {
      repositories: new Map([ownRepository("team-a-web")]),
    });
    assert.deepEqual(
      fleet.ofType(grant).map(({ inputs }) => [inputs.repository, inputs.permission, inputs.teamId]),
      [["team-a", "push", "team-a-team-github-id"]],
    );
  });

  it("pushes to all of them when there are several", async () => {
    const tenant = tenantSpec("team-a", { team, repositories: additional(false) });
    const both = await recordFleet(fleetSpec({ tenants: [tenant] }));
    assert.deepEqual(
      both.ofType(grant).map(({ inputs }) => inputs.repository),
      ["team-a", "team-a-web"],
    );
  });

  it("loses its right before the repository is archived, which refuses every change", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team })] }));
    const [right] = fleet.ofType(grant);
    assert.ok(right !== undefined && fleet.waitsFor(right, fleet.find(repository, "team-a.team-a-repository-github")));
  });

  it("has the members that the file names, and not the owner of the token", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team })] }));
    assert.deepEqual(
      fleet.ofType(membership).map(({ name, inputs }) => [name, inputs.username, inputs.role]),
      [
        ["team-a-team.bob", "bob", "maintainer"],
        ["team-a-team.ann", "Ann", "member"],
      ],
    );
    const { inputs } = fleet.find(teamType, "team-a-team-github");
    assert.equal(inputs.createDefaultMaintainer, undefined);
    assert.equal(inputs.privacy, "closed", "CODEOWNERS cannot name a secret team");
  });

  it("stays on removal, because GitHub would delete the teams below it too", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team })] }));
    assert.equal(fleet.find(teamType, "team-a-team-github").retainOnDelete, true);
  });

  it("is taken over when it is there and ours", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team })] }), {
      teams: known(teamDescription("team-a")),
    });
    assert.equal(fleet.find(teamType, "team-a-team-github").importId, "7");
  });

  it("only gets its right when another owner manages it", async () => {
    const kept = { name: "payments", existing: true, members: [], maintainers: [] };
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { team: kept })] }), {
      teams: known("We pay"),
    });
    assert.deepEqual([...fleet.ofType(teamType), ...fleet.ofType(membership)], []);
    assert.equal(fleet.ofType(grant)[0]?.inputs.teamId, "7");
  });

  it("is the business of the stack that owns repositories alone", async () => {
    const github = { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false };
    const fleet = await recordFleet(fleetSpec({ github, tenants: [tenantSpec("team-a", { team })] }), {
      repositories: new Map(["platform", "team-a"].map(ownRepository)),
    });
    assert.deepEqual([...fleet.ofType(teamType), ...fleet.ofType(grant), ...fleet.ofType(membership)], []);
  });
});

describe("the description of a team", () => {
  it("names its tenant, and no other description does", () => {
    const described = (description: string) => ({ id: 1, slug: "x", description });
    assert.equal(tenantOfTeam(described(teamDescription("team-a"))), "team-a");
    assert.equal(tenantOfTeam(described("Handed over (managed by fleet)")), undefined);
    assert.equal(isManagedByFleet(described("Handed over (managed by fleet)")), true);
    for (const other of ["", "(managed by fleet) no more", "Pushes to the repositories of team-a"]) {
      assert.equal(isManagedByFleet(described(other)), false, other);
    }
  });
});
