import assert from "node:assert/strict";
import { generateKeyPair } from "../../../github/transport/key-pair.js";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt } from "../../support/github.js";

const newKey = (): string => generateKeyPair("ed25519").public;

describe("GitHub emulator: deploy keys", () => {
  let test: TestGitHub;
  before(async () => {
    test = await testGitHub();
    for (const name of ["one", "two"]) await test.expect(201, "POST", `/orgs/${owner}/repos`, { name });
  });
  after(() => test.stop());

  it("refuses what is no public key", async () => {
    const pair = generateKeyPair("ed25519");
    for (const key of [
      "",
      "nonsense",
      "ssh-ed25519",
      "ssh-ed25519 AAAA",
      pair.private,
      `${pair.public}\n${pair.public}`,
      `command="id" ${pair.public}`,
    ]) {
      const { body } = await test.expect(422, "POST", `/repos/${owner}/one/keys`, { title: "bad", key });
      assert.match(textAt(body, "errors.0.message"), /key is invalid/);
    }
  });

  it("lets a key open one repository only, whatever its comment", async () => {
    const key = newKey();
    await test.expect(201, "POST", `/repos/${owner}/one/keys`, { title: "first", key: `${key} somebody@somewhere` });
    for (const name of ["one", "two"]) {
      const { body } = await test.expect(422, "POST", `/repos/${owner}/${name}/keys`, { title: "second", key });
      assert.equal(at(body, "errors.0.message"), "key is already in use");
    }
  });

  it("frees a key that is removed, and those of a repository that is deleted", async () => {
    const key = newKey();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "short-lived" });
    await test.expect(201, "POST", `/repos/${owner}/short-lived/keys`, { key });
    await test.expect(204, "DELETE", `/repos/${owner}/short-lived`);
    const { body } = await test.expect(201, "POST", `/repos/${owner}/two/keys`, { key });
    await test.expect(204, "DELETE", `/repos/${owner}/two/keys/${textAt(body, "id")}`);
    await test.expect(404, "DELETE", `/repos/${owner}/two/keys/${textAt(body, "id")}`);
    await test.expect(201, "POST", `/repos/${owner}/one/keys`, { key });
  });

  it("shows a key as the provider compares it: type and value, no comment", async () => {
    const key = newKey();
    const created = await test.expect(201, "POST", `/repos/${owner}/two/keys`, {
      title: "staging",
      key: `${key} comment\n`,
      read_only: true,
    });
    const read = await test.expect(200, "GET", `/repos/${owner}/two/keys/${textAt(created.body, "id")}`);
    assert.deepEqual(
      ["key", "title", "read_only"].map((field) => at(read.body, field)),
      [key.split(" ").slice(0, 2).join(" "), "staging", true],
    );
    await test.expect(404, "GET", `/repos/${owner}/one/keys/${textAt(created.body, "id")}`);
    await test.expect(404, "GET", `/repos/${owner}/one/keys/x`);
  });
});

describe("GitHub emulator: teams", () => {
  let test: TestGitHub;
  let organization: string;
  before(async () => {
    test = await testGitHub();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "code", visibility: "private" });
    await test.expect(201, "POST", "/admin/users", { login: "ada", email: "ada@example.com" });
    organization = textAt((await test.expect(200, "GET", `/orgs/${owner}`)).body, "id");
  });
  after(() => test.stop());
  const create = async (body: object) => {
    const answer = await test.expect(201, "POST", `/orgs/${owner}/teams`, body);
    return { team: answer.body, path: `/organizations/${organization}/team/${textAt(answer.body, "id")}` };
  };

  it("shows teams to no one without the token", async () => {
    await test.expect(401, "GET", `/orgs/${owner}/teams`, undefined, { authorization: null });
  });

  it("refuses a second team of the same name, and a nested one", async () => {
    const { team, path } = await create({ name: "Team Payments", privacy: "closed" });
    assert.equal(at(team, "slug"), "team-payments");
    await test.expect(422, "POST", `/orgs/${owner}/teams`, { name: "team payments" });
    await test.expect(422, "POST", `/orgs/${owner}/teams`, { name: "child", parent_team_id: at(team, "id") });
    await test.expect(422, "PATCH", path, { parent_team_id: at(team, "id") });
    await test.expect(404, "GET", "/organizations/1/team/999999");
    await test.expect(404, "GET", `/organizations/77/team/${textAt(team, "id")}`);
  });

  it("adds no user that it does not know", async () => {
    const { path } = await create({ name: "strangers" });
    await test.expect(404, "PUT", `${path}/memberships/nobody`, { role: "member" });
    await test.expect(422, "PUT", `${path}/memberships/ada`, { role: "king" });
  });

  it("begins with its creator as maintainer, until the provider removes it", async () => {
    const { team, path } = await create({ name: "founders" });
    assert.equal(at(team, "members_count"), 1);
    const { body } = await test.expect(200, "GET", `/orgs/${owner}/teams/founders/members`);
    const [login] = pluck(body, "login");
    await test.expect(204, "DELETE", `/orgs/${owner}/teams/founders/memberships/${String(login)}`);
    assert.equal(at((await test.expect(200, "GET", path)).body, "members_count"), 0);
  });

  it("keeps memberships and their roles", async () => {
    const { path } = await create({ name: "members" });
    await test.expect(404, "GET", `${path}/memberships/ada`);
    await test.expect(200, "PUT", `${path}/memberships/Ada`, { role: "maintainer" });
    const { body } = await test.expect(200, "GET", `${path}/memberships/ada`);
    assert.deepEqual([at(body, "role"), at(body, "state")], ["maintainer", "active"]);
    const maintainers = await test.expect(200, "GET", `${path}/members?role=maintainer`);
    assert.ok(pluck(maintainers.body, "login").some((login) => login === "ada"));
    const members = await test.expect(200, "GET", `${path}/members?role=member`);
    assert.deepEqual(members.body, []);
    await test.expect(204, "DELETE", `${path}/memberships/ada`);
    await test.expect(404, "GET", `${path}/memberships/ada`);
  });

  it("says what a team may do with a repository, in the provider's words", async () => {
    const { path } = await create({ name: "writers" });
    const accept = {
      headers: { accept: "application/vnd.github.v3.repository+json,application/vnd.github.stone-crop-preview+json" },
    };
    await test.expect(404, "GET", `${path}/repos/${owner}/code`, undefined, accept);
    await test.expect(204, "PUT", `${path}/repos/${owner}/code`, { permission: "maintain" });
    await test.expect(204, "GET", `${path}/repos/${owner}/code`);
    const { body } = await test.expect(200, "GET", `${path}/repos/${owner}/code`, undefined, accept);
    assert.equal(at(body, "role_name"), "maintain");
    assert.deepEqual(pluck((await test.expect(200, "GET", `/repos/${owner}/code/teams`)).body, "slug"), ["writers"]);
    assert.deepEqual(pluck((await test.expect(200, "GET", `${path}/repos`)).body, "name"), ["code"]);
    await test.expect(204, "PUT", `${path}/repos/${owner}/code`, { permission: "pull" });
    const reader = await test.expect(200, "GET", `${path}/repos/${owner}/code`, undefined, accept);
    assert.equal(at(reader.body, "role_name"), "read");
    assert.equal(at(reader.body, "permissions.push"), false);
    await test.expect(204, "DELETE", `${path}/repos/${owner}/code`);
    await test.expect(404, "GET", `${path}/repos/${owner}/code`, undefined, accept);
  });

  it("renames a team, and its slug with it", async () => {
    const { path } = await create({ name: "old name" });
    await test.expect(200, "PATCH", path, {
      name: "New Name",
      description: "d",
      privacy: "closed",
      notification_setting: "notifications_disabled",
    });
    await test.expect(404, "GET", `/orgs/${owner}/teams/old-name`);
    const { body } = await test.expect(200, "GET", `/orgs/${owner}/teams/new-name`);
    assert.equal(at(body, "notification_setting"), "notifications_disabled");
    assert.ok(pluck((await test.expect(200, "GET", `/orgs/${owner}/teams`)).body, "name").includes("New Name"));
  });
});
