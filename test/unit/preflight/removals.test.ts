import assert from "node:assert/strict";
import type { Locate } from "../../../config/files/location.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { ExistingGitHub } from "../../../lib/github/existing.js";
import { indexState, nameInUrn, type StackState, type StatedResource } from "../../../lib/state/stack-state.js";
import { findConflicts } from "../../../preflight/conflicts.js";
import { findHandedOver, findLeaving } from "../../../preflight/handed-over.js";
import { describeRemovals } from "../../../preflight/removals.js";
import type { Registration } from "../../../review/record/recorder.js";
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
    state = withTeamIds(stateOf(registrations));
  });

  const index = () => indexState(state, "fleet.dev/tenant");
  const namesOf = (resources: readonly StatedResource[]) => resources.map(({ urn }) => nameInUrn(urn)).sort();
  const handedOver = (spec: FleetSpec, teams: ExistingGitHub["teams"] = new Map()) =>
    namesOf(findHandedOver(spec, index(), teams));
  const leaving = (spec: FleetSpec) => {
    const current = index();
    return findLeaving(spec, current, findHandedOver(spec, current, new Map()));
  };
  const removals = (spec: FleetSpec) => {
    const current = index();
    const found = findHandedOver(spec, current, new Map());
    return describeRemovals(spec, current, { handedOver: found, leaving: findLeaving(spec, current, found) });
  };

  it("is nothing when nothing changes", () => {
    assert.deepEqual(removals(former), []);
    assert.deepEqual(handedOver(former), []);
    assert.deepEqual(leaving(former), []);
  });

  it("is named in words: namespaces with everything in them, repositories before they are archived, people of teams", () => {
    const without = fleetSpec({ tenants: former.tenants.slice(1) });
    const takes = (name: string) =>
      `This update takes deploy keys and the team's right to push from the repository acme/${name} of the tenant web, and the next update archives it: no stack's files name it any more.`;
    assert.deepEqual(removals(without), [
      "This update deletes the namespace web of the tenant web, with every object and volume in it: no file names it any more.",
      takes("web"),
      takes("web-api"),
      "This update takes ann from the team acme/web of the tenant web: no file names the team any more. The team itself stays.",
    ]);
    assert.deepEqual(namesOf(leaving(without)), [
      "web-team-github",
      "web.web-api-repository-github",
      "web.web-api-ruleset-fleet",
      "web.web-repository-github",
      "web.web-ruleset-fleet",
    ]);
  });

  describe("with the update after the one in which a repository left", () => {
    const without = fleetSpec({ tenants: former.tenants.slice(1) });
    let unchanged: StackState;
    before(async () => {
      unchanged = state;
      const left = { state: index(), leaving: leaving(without) };
      const { registrations } = await recordFleet(without, left);
      state = stateOf(
        registrations.map((one) => ({ ...one, inputs: { ...formerInputs(unchanged, one), ...one.inputs } })),
      );
    });
    after(() => {
      state = unchanged;
    });

    it("is the repository, which goes into the archive", () => {
      assert.deepEqual(removals(without), [
        "This update archives the repository acme/web of the tenant web: no stack's files name it any more.",
        "This update archives the repository acme/web-api of the tenant web: no stack's files name it any more.",
      ]);
      assert.deepEqual(leaving(without), []);
    });

    it("is nothing when a file names it again: it keeps its resource", async () => {
      assert.deepEqual(removals(former), []);
      const again = await recordFleet(former, { state: index() });
      for (const name of ["web.web-repository-github", "web.web-ruleset-fleet", "web-team-github"]) {
        const found = again.registrations.find((one) => one.name === name);
        assert.match(String(found?.aliases), new RegExp(`fleet:git:Leaving\\$github:index/.*::${name}$`));
        assert.equal(found?.importId, "");
      }
    });

    it("stays on GitHub when its owner or another stack manages it", () => {
      const web = tenantSpec("web", { repository: { existing: true } });
      assert.ok(handedOver({ ...without, tenants: [...without.tenants, web] }).includes("web.web-repository-github"));
      assert.ok(handedOver({ ...without, github: prod }).includes("web.web-api-repository-github"));
      assert.deepEqual(removals({ ...without, github: prod }), []);
    });
  });

  it("is named for the right of a team that the file of a tenant names no more", () => {
    const web = tenantSpec("web", { repositories: { "web-api": {} } });
    assert.deepEqual(removals({ ...former, tenants: [web, ...former.tenants.slice(1)] }), [
      "This update takes ann from the team acme/web of the tenant web: no file names the team any more. The team itself stays.",
      "This update takes the right to push to the repository acme/web from the team of the tenant web: its file names no team any more.",
      "This update takes the right to push to the repository acme/web-api from the team of the tenant web: its file names no team any more.",
    ]);
  });

  it("leaves the repository of a tenant that another stack runs", () => {
    const [web] = former.tenants;
    assert.ok(web);
    const spec = fleetSpec({ tenants: former.tenants.slice(1), tenantsElsewhere: [web] });
    assert.equal(removals(spec).length, 1);
  });

  describe("with a sync that moves", () => {
    const sections = { team: team("web"), repositories: { "web-api": {} } };
    const others = former.tenants.slice(1);
    const withWeb = (...[more]: Parameters<typeof tenantSpec>[1][]) => ({
      ...former,
      tenants: [tenantSpec("web", { ...sections, ...more }), ...others],
    });
    const conflicts = (spec: FleetSpec, renamed: ReadonlyMap<string, string> = new Map()) =>
      findConflicts(spec, { stated: index(), renamed }, locate).map(problemLine);
    const locate: Locate = (tenant, place) => ({ file: `${tenant}.yaml`, path: place.join(".") });

    it("is refused while the tenant keeps the namespace: Flux would delete what it applied there", () => {
      const swapped = withWeb({ namespace: { name: "first" }, namespaces: { web: {} } });
      assert.deepEqual(conflicts(swapped), [
        "web.yaml: namespace.name: the sync web applies to the namespace web, and would apply to first: Flux would delete what it applied to web, volumes too. Keep its namespace: the first sync has the first one. To move it, set its deletionPolicy to Orphan in one update, and move it in the next one. Then delete its objects in web by hand.",
      ]);
      assert.deepEqual(conflicts(withWeb({ namespaces: { first: {} } })), []);
    });

    it("is named when its objects stay, and when its namespace goes with it", () => {
      const urn = Object.keys(state).find((one) => one.endsWith("Kustomization::web.web-sync")) ?? "";
      const { type = "", outputs = {} } = state[urn] ?? {};
      const spec = { ...(outputs.spec as object), deletionPolicy: "Orphan" };
      const orphaned = indexState({ ...state, [urn]: { type, outputs: { ...outputs, spec } } }, "fleet.dev/tenant");
      const swapped = withWeb({ namespace: { name: "first" }, namespaces: { web: {} } });
      assert.deepEqual(findConflicts(swapped, { stated: orphaned }, locate), []);
      assert.deepEqual(describeRemovals(swapped, orphaned, { handedOver: [], leaving: [] }), [
        "This update removes the sync web of the tenant web from the namespace web: what it applied there stays.",
      ]);
      const moved = withWeb({ namespace: { name: "first" } });
      assert.deepEqual(conflicts(moved), []);
      assert.match(removals(moved).join(), /This update deletes the namespace web of the tenant web/);
    });

    it("is refused when the first repository becomes another one of the tenant", () => {
      const swapped = withWeb({ repository: { name: "web-api" }, repositories: { web: {} } });
      assert.deepEqual(conflicts(swapped), [
        "web.yaml: repository.name: the sync web applies the repository web, and would apply web-api: Flux would delete what only web has, volumes too. Keep web as the first repository, and declare another sync of web-api under syncs.",
      ]);
      const renamed = withWeb({ repository: { name: "web2" } });
      assert.deepEqual(conflicts(renamed, new Map([["web", "web2"]])), []);
    });

    it("is named when it follows another repository, and when its file names it no more", () => {
      const replaced = withWeb({ repository: { name: "web-api" }, repositories: {} });
      assert.deepEqual(conflicts(replaced), []);
      assert.equal(
        removals(replaced)[0],
        "This update lets the sync web of the tenant web apply the repository web-api in the place of web: Flux deletes what only web has, volumes too.",
      );
    });
  });

  it("is named for a sync that applies another folder, as where two syncs exchange theirs, unless it prunes nothing", () => {
    const others = former.tenants.slice(1);
    const sections = { team: team("web"), repositories: { "web-api": {} } };
    const changed = (sync: object) =>
      removals({ ...former, tenants: [tenantSpec("web", { ...sections, sync }), ...others] });
    assert.deepEqual(changed({ path: "./elsewhere" }), [
      "This update lets the sync web of the tenant web apply the folder ./elsewhere in the place of ./deploy/staging: Flux deletes what only ./deploy/staging has, volumes too.",
    ]);
    assert.deepEqual(changed({ path: "./elsewhere", prune: false, pruneOffUntil: "2026-12-24" }), []);
    for (const path of ["./deploy/staging", "./deploy/staging/"]) assert.deepEqual(changed({ path }), []);
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
    assert.deepEqual(removals({ ...former, github: prod }), []);
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

  it("leaves the members of a team with existing: true whose tenant, or whose address on GitHub, has another name", () => {
    const [, other] = former.tenants;
    assert.ok(other);
    const kept = (name: string) => {
      const shop = tenantSpec("shop", { team: { name, existing: true } });
      const description = "Pushes to the repositories of web (managed by fleet)";
      const teams = new Map([[name, { id: 7, nodeId: "id of web", slug: name, description }]]);
      return handedOver({ ...former, tenants: [shop, other] }, teams);
    };
    assert.deepEqual(kept("web"), ["web-team-github", "web-team.ann"]);
    assert.deepEqual(kept("shop"), ["web-team-github", "web-team.ann"]);
  });
});

/** The inputs that a resource has in the state, which the engine keeps for those that ignore changes. */
function formerInputs(state: StackState, { aliases: [urn = ""] }: Registration) {
  return state[urn]?.outputs ?? {};
}

/** The state with ids of teams, which GitHub adds. */
function withTeamIds(state: StackState): StackState {
  return Object.fromEntries(
    Object.entries(state).map(([urn, { type, outputs }]) => {
      const id = type === "github:index/team:Team" ? { nodeId: `id of ${outputs.name}` } : {};
      return [urn, { type, outputs: { ...outputs, ...id } }];
    }),
  );
}
