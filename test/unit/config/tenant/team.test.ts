import assert from "node:assert/strict";
import { assertProblems, type Changes, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const baseB = "stacks/base/tenants/team-b.yaml";
const inBase = (team: string): Changes => ({ files: { [base]: `name: team-a\nteam:\n  ${team}\n` } });

describe("a team is refused, naming file, line and field, for", () => {
  it("a name that GitHub would change, and so find no more", () => {
    assertProblems(
      inBase("name: Payments Team"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: team\.name: "Payments Team" is not a team as its address has it/,
    );
    assertProblems(inBase("name: a--b"), /team\.name: "a--b" is not a team/);
  });

  it("a member that is no login", () => {
    assertProblems(inBase('members: ["@octocat"]'), /team\.members\[0\]: "@octocat" is not a GitHub login.*without @/);
  });

  it("a member who is named twice, however the login is spelt", () => {
    assertProblems(
      inBase("{members: [ann, bob, Ann], maintainers: [BOB]}"),
      /team-a\.yaml:3: team\.members\[1\]: "bob" is in team\.maintainers already\. Keep one of them; a maintainer is a member too/,
      /team\.members\[2\]: "Ann" is in team\.members already/,
    );
  });

  it("members of a team that another owner manages", () => {
    assertProblems(
      inBase("{existing: true, members: [ann, ann], maintainers: [bob]}"),
      /team\.maintainers: cannot be set for an existing team/,
      /team\.members: cannot be set for an existing team/,
    );
  });

  it("two tenants with one team, of which each would take the other's members out", () => {
    const files = { [base]: "name: team-a\nteam: {}\n", [baseB]: "name: team-b\nteam: {name: team-a}\n" };
    assertProblems(
      { files },
      /^stacks\/base\/tenants\/team-b\.yaml:2: team\.name: "team-a" is the team of team-a \(stacks\/base\/tenants\/team-a\.yaml\) already/,
    );
    assertProblems({ files: { ...files, [base]: "name: team-a\nteam: {existing: true}\n" } }, /is the team of team-a/);
  });

  it("a team in an overlay, which another stack would undo", () => {
    assertProblems(
      { files: { [overlay]: "team: {name: other}\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: team: cannot .*because a team exists once/,
    );
  });

  it("a field that does not exist, and everything else that is wrong, at once", () => {
    assertProblems(
      inBase("{member: [ann], existing: yes please, maintainers: ann}"),
      /team\.existing: must be true or false/,
      /team\.maintainers: must be a list/,
      /team\.member: there is no such field\. Did you mean team\.members\?/,
    );
  });
});

describe("a team", () => {
  it("is none unless the file names one", () => {
    assert.equal(load().tenants[0]?.team, undefined);
  });

  it("has the tenant's name unless the file says otherwise", () => {
    const { tenants } = load({ files: { [base]: "name: team-a\nteam: {members: [ann]}\n" } });
    assert.deepEqual(tenants[0]?.team, { name: "team-a", existing: false, members: ["ann"], maintainers: [] });
  });

  it("may belong to two tenants when another owner manages it", () => {
    const shared = "team: {name: web, existing: true}\n";
    const { tenants } = load({ files: { [base]: `name: team-a\n${shared}`, [baseB]: `name: team-b\n${shared}` } });
    assert.equal(tenants[0]?.team?.name, "web");
  });
});
