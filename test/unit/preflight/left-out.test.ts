import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { sharedDigests, tenantDigests } from "../../../config/stack/tenant-digests.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { LastUpdate } from "../../../lib/state/last-update.js";
import { resourcesDigest } from "../../../lib/state/resources-digest.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { leftOutProblems, withoutLeftOut } from "../../../preflight/left-out.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const web = tenantSpec("web", { hosts: ["*.shop.example.com"], namespaces: { "web-jobs": {} } });
const api = tenantSpec("api");
const former = fleetSpec({ tenants: [api, web] });
const lastOf = (spec: FleetSpec): LastUpdate => ({
  digests: { parts: {}, tenants: tenantDigests(spec), shared: sharedDigests(spec) },
  tenants: {
    api: { namespace: "api", repository: "api", keyFingerprint: "a" },
    web: { namespace: "web", repository: "web", keyFingerprint: "w" },
  },
  repositoryIds: { api: "1", web: "2" },
});

describe("A tenant that an update leaves as it is", () => {
  let state: StackState;
  before(async () => {
    state = stateOf((await recordFleet(former)).registrations);
  });
  const ofWeb = () => Object.keys(state).filter((urn) => /::web(\.|$|-)/.test(urn));
  const leftOut = (...tenants: string[]) => ({
    tenants,
    excluded: tenants.includes("web") ? ofWeb() : [],
    resources: resourcesDigest(Object.keys(state)),
  });
  const problems = (spec: FleetSpec, last: LastUpdate | undefined = lastOf(former), tenant = "web") =>
    leftOutProblems(spec, state, { leftOut: leftOut(tenant), last }).map(problemLine);
  const withTenants = (...tenants: FleetSpec["tenants"]) => fleetSpec({ tenants });

  it("stops the update when another one came in between: its new resources would be deleted", () => {
    const stale = { ...leftOut("web"), resources: resourcesDigest(Object.keys(state).slice(1)) };
    const found = leftOutProblems(former, state, { leftOut: stale, last: lastOf(former) }).map(problemLine);
    assert.match(found.join(), /^fleet up: --leave-blocked: another update came in between.*Run the command again\.$/);
  });

  it("stops the update when its connections or repositories decide about others, and are others now", () => {
    const pods = { service: "web", pods: { app: "web" }, port: 80 };
    for (const changed of [
      { exports: { web: { ...pods, to: ["api"] } } },
      { repositories: { "web-lib": { defaultBranch: "trunk" } } },
    ]) {
      const [line = "", ...more] = problems(withTenants(api, tenantSpec("web", changed)));
      assert.match(line, /shared parts or other tenants would change because of web: its exports, its imports or/);
      assert.deepEqual(more, []);
    }
  });

  it("stops the update after one of an older version, which did not note them", () => {
    const last = lastOf(former);
    const { shared: _, ...digests } = last.digests;
    assert.match(problems(former, { ...last, digests }).join(), /by an older version.*the tenant web\. Run pulumi up/);
  });

  it("stops the update when a namespace, a repository or a host goes to another tenant", () => {
    const rest = tenantSpec("web", { hosts: ["*.shop.example.com"] });
    const namespace = withTenants(tenantSpec("api", { namespaces: { "web-jobs": {} } }), rest);
    assert.match(
      problems(namespace).join(),
      /the namespace web-jobs goes from the tenant web to the tenant api, and one/,
    );
    const repository = withTenants(tenantSpec("api", { repositories: { web: {} } }));
    assert.match(problems(repository).join(), /the repository web goes from the tenant web to the tenant api/);
    for (const host of ["a.shop.example.com", "*.example.com"]) {
      const found = problems(
        withTenants(tenantSpec("api", { hosts: [host] }), tenantSpec("web", { namespaces: { "web-jobs": {} } })),
      );
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.includes(`the host ${host} of the tenant api is still web's, which stays`), found[0]);
    }
  });

  it("stops nothing for other changes of its own, nor as a new tenant, whatever others have of it", () => {
    assert.deepEqual(problems(withTenants(api, tenantSpec("web", { limits: { size: "large" } }))), []);
    const pods = { service: "new", pods: { app: "new" }, port: 80, to: ["api"] };
    const more = withTenants(api, web, tenantSpec("new", { exports: { new: pods } }));
    assert.deepEqual(problems(more, lastOf(former), "new"), []);
  });

  it("is out of the checks with its state, and decides about others as before unless it is new", () => {
    const spec = withTenants(api, web, tenantSpec("new"));
    const args = { leftOut: leftOut("web", "new"), last: lastOf(former) };
    const { spec: checked, state: remaining, registered, kept } = withoutLeftOut(spec, state, args);
    const names = ({ tenants }: FleetSpec) => tenants.map(({ name }) => name);
    assert.deepEqual([names(checked), names(registered)], [["api"], ["api", "web"]]);
    assert.ok(ofWeb().length > 10);
    assert.deepEqual(
      Object.keys(remaining),
      Object.keys(state).filter((urn) => !ofWeb().includes(urn)),
    );
    assert.deepEqual([Object.keys(kept.tenants), kept.repositoryIds], [["web"], { web: "2" }]);
    assert.deepEqual([Object.keys(kept.digests.tenants), Object.keys(kept.digests.shared ?? {})], [["web"], ["web"]]);
  });
});
