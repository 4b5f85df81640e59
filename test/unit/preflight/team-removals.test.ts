import assert from "node:assert/strict";
import { indexState, type StateIndex } from "../../../lib/state/stack-state.js";
import { describeRemovals } from "../../../preflight/removals.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const people = { members: ["Ann", "cy"], maintainers: ["bob", "dee"] };
const withTeam = (team: object) => fleetSpec({ tenants: [tenantSpec("web", { team: { name: "frontend", ...team } })] });

describe("People whom a file strikes from its team", () => {
  let state: StateIndex;
  before(async () => {
    const { registrations } = await recordFleet(withTeam(people));
    state = indexState(stateOf(registrations), "fleet.dev/tenant");
  });
  const removals = (team: object, overrides = {}) =>
    describeRemovals({ ...withTeam(team), ...overrides }, state, { handedOver: [], leaving: [] });

  it("are named, members and maintainers alike", () => {
    assert.deepEqual(removals({ members: ["cy"], maintainers: ["dee"] }), [
      "This update takes Ann, bob (maintainer) from the team acme/frontend of the tenant web, and the right to push with it: its file names them no more.",
    ]);
  });

  it("are named when they may no longer add others", () => {
    assert.deepEqual(removals({ members: ["ann", "cy", "bob"], maintainers: ["dee"] }), [
      "This update takes the right to add members to the team acme/frontend of the tenant web from bob: its file names them as members.",
    ]);
  });

  it("are none when no one goes, when others come, and when only the case of a name changes", () => {
    assert.deepEqual(removals(people), []);
    assert.deepEqual(removals({ members: ["ANN", "cy", "eve"], maintainers: ["BOB", "dee"] }), []);
    assert.deepEqual(removals({ members: ["cy"], maintainers: ["bob", "dee", "ann"] }), []);
  });

  it("are none where another stack, or the team's owner, manages the team", () => {
    const { github } = withTeam({});
    assert.deepEqual(removals({}, { github: { ...github, repositoryOwner: "prod-eu", ownsRepositories: false } }), []);
    assert.deepEqual(removals({ existing: true }), []);
  });

  it("are named for a tenant that only another stack runs", () => {
    const { tenants } = withTeam({ members: ["ann", "cy"], maintainers: ["dee"] });
    assert.match(
      String(removals({}, { tenants: [], tenantsElsewhere: tenants })),
      /takes bob \(maintainer\) from the team/,
    );
  });
});
