import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { indexState, nameInUrn, type StackState } from "../../../lib/state/stack-state.js";
import { describeRemovals, findHandedOver } from "../../../preflight/removals.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const team = (name: string) => ({ name, members: ["ann"] });
const prod = { owner: "acme", host: "github.com", repositoryOwner: "prod-eu", ownsRepositories: false };

describe("What an update removes", () => {
  const former = fleetSpec({
    tenants: [
      tenantSpec("web", { team: team("web"), repositories: { "web-api": {} } }),
      tenantSpec("web-team", { team: team("web-team") }),
    ],
  });
  let state: StackState;

  before(async () => {
    const { registrations } = await recordFleet(former);
    state = stateOf(registrations);
  });

  const index = () => indexState(state, "fleet.dev/tenant");
  const handedOver = (spec: FleetSpec) =>
    findHandedOver(spec, index())
      .map(({ urn }) => nameInUrn(urn))
      .sort();

  it("is nothing when nothing changes", () => {
    assert.deepEqual(describeRemovals(former, index()), []);
    assert.deepEqual(handedOver(former), []);
  });

  it("is named in words: namespaces with everything in them, repositories into the archive", () => {
    const removals = describeRemovals(fleetSpec({ tenants: former.tenants.slice(1) }), index());
    assert.deepEqual(removals, [
      "This update deletes the namespace web of the tenant web, with every object and volume in it: no file names it any more.",
      "This update archives the repository acme/web of the tenant web: no stack's files name it any more.",
      "This update archives the repository acme/web-api of the tenant web: no stack's files name it any more.",
    ]);
  });

  it("leaves the repository of a tenant that another stack runs", () => {
    const [web] = former.tenants;
    assert.ok(web);
    const spec = fleetSpec({ tenants: former.tenants.slice(1), tenantsElsewhere: [web] });
    assert.equal(describeRemovals(spec, index()).length, 1);
  });

  it("is named for a sync as well, whose objects Flux deletes", () => {
    const [web, other] = former.tenants;
    assert.ok(web && other);
    const moved = tenantSpec("web", {
      team: team("web"),
      namespace: { name: "first" },
      namespaces: { web: {} },
      repositories: { "web-api": {} },
    });
    assert.deepEqual(describeRemovals({ ...former, tenants: [moved, other] }, index()), [
      "This update removes the sync web of the tenant web from the namespace web: Flux deletes what it applied there, volumes too, unless its deletionPolicy is Orphan.",
    ]);
  });

  it("leaves a repository of another stack's tenant that gets existing: true", () => {
    const [, other] = former.tenants;
    assert.ok(other);
    const elsewhere = tenantSpec("web", { repository: { existing: true }, repositories: { "web-api": {} } });
    const names = handedOver({ ...former, tenants: [other], tenantsElsewhere: [elsewhere] });
    assert.ok(names.includes("web.web-repository-github"), names.join(", "));
  });

  it("leaves everything of GitHub but this cluster's keys when another stack creates repositories", () => {
    const names = handedOver({ ...former, github: prod });
    for (const name of [
      "web.web-repository-github",
      "web.web-ruleset-fleet",
      "web-team.ann",
      "fleet-platform-repository-github",
    ]) {
      assert.ok(names.includes(name), name);
    }
    assert.deepEqual(
      names.filter((name) => name.endsWith("-key-registration")),
      [],
    );
    assert.deepEqual(describeRemovals({ ...former, github: prod }, index()), []);
  });

  it("leaves a repository that gets existing: true, with its rulesets, and no other one of a similar name", () => {
    const [, other] = former.tenants;
    assert.ok(other);
    const web = tenantSpec("web", {
      team: team("web"),
      repository: { existing: true },
      repositories: { "web-api": {} },
    });
    const names = ["web.web-repository-github", "web.web-ruleset-fleet", "web.web-team"];
    assert.deepEqual(handedOver({ ...former, tenants: [web, other] }), names);
  });

  it("leaves the members of a team that gets existing: true, and no others", () => {
    const [, other] = former.tenants;
    assert.ok(other);
    const web = tenantSpec("web", { team: { name: "web", existing: true }, repositories: { "web-api": {} } });
    assert.deepEqual(handedOver({ ...former, tenants: [web, other] }), ["web-team-github", "web-team.ann"]);
  });
});
