import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { LastUpdate } from "../../../lib/state/last-update.js";
import { indexState, type StackState } from "../../../lib/state/stack-state.js";
import { tenantDigests } from "../../../policies/tenant-digests.js";
import { findHandedOver, findLeaving } from "../../../preflight/handed-over.js";
import { describeLeftOut, findTenantDrift, oneTenantProblems, stateOfTenant } from "../../../preflight/one-tenant.js";
import { describeRemovals } from "../../../preflight/removals.js";
import { clusterState, clusterWith, onCluster } from "../../support/unit/cluster.js";
import { ownRepository, recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const team = (name: string) => ({ name, members: ["ann"] });
const [web, api] = [
  tenantSpec("web", { team: team("web"), namespaces: { "web-jobs": {} }, repositories: { "web-lib": {} } }),
  tenantSpec("api", { team: team("api"), namespaces: { "api-jobs": {} }, repositories: { "api-lib": {} } }),
];
const former = fleetSpec({ tenants: [api, web] });
const lastOf = (spec: FleetSpec): LastUpdate => {
  return { digests: { parts: {}, tenants: tenantDigests(spec) }, tenants: {}, repositoryIds: {} };
};

describe("An update of one tenant", () => {
  let state: StackState;
  before(async () => {
    state = stateOf((await recordFleet(former)).registrations);
  });
  const index = () => indexState(state, "fleet.dev/tenant");
  const problems = (tenant: string, spec: FleetSpec, last: LastUpdate | undefined = lastOf(former)) => {
    const handedOver = findHandedOver(spec, index(), new Map());
    const going = [...handedOver, ...findLeaving(spec, index(), handedOver)];
    return oneTenantProblems(spec, { tenant, last, state: index(), going }).map(problemLine);
  };
  const withTenants = (...tenants: FleetSpec["tenants"]) => fleetSpec({ tenants });

  it("is refused for an unknown tenant, with the one that is meant", () => {
    assert.deepEqual(problems("wep", former), [
      "fleet up: --tenant wep: no file declares this tenant. Did you mean web?",
    ]);
    assert.match(problems("search", former).join(), /The tenants are api, web\. A removed tenant goes with the whole/);
    assert.match(problems("web", withTenants(api)).join(), /--tenant web: no file declares this tenant/);
  });

  it("is not held back by consents of the last update, nor by ids to compare with", () => {
    const consented = fleetSpec({
      tenants: [api, web],
      adopt: { repositories: ["web"], teams: ["web"] },
      repositoryIds: { web: "R_kgDOA1b2Cw" },
    });
    assert.deepEqual(problems("web", former, lastOf(consented)), []);
    assert.deepEqual(tenantDigests(consented), tenantDigests(former));
  });

  it("is refused before the first update of the whole stack by this version", () => {
    const refused = oneTenantProblems(former, { tenant: "web", last: undefined, state: index(), going: [] });
    assert.match(refused.map(problemLine).join(), /was by an older version of the program\. Run pulumi up/);
  });

  it("is refused on both sides when a namespace goes to another tenant: the engine would delete it", () => {
    const moved = withTenants(
      tenantSpec("api", {
        team: team("api"),
        namespaces: { "api-jobs": {}, "web-jobs": {} },
        repositories: { "api-lib": {} },
      }),
      tenantSpec("web", { team: team("web"), repositories: { "web-lib": {} } }),
      tenantSpec("new"),
    );
    const line = "the namespace web-jobs goes from the tenant web to the tenant api. Run pulumi up";
    for (const tenant of ["web", "api"]) {
      assert.match(problems(tenant, moved).join("\n"), new RegExp(`^fleet up: --tenant ${tenant}: ${line}`));
    }
    assert.deepEqual(problems("new", moved), []);
  });

  it("is refused on both sides when a repository or a team goes to another tenant", () => {
    const repository = withTenants(
      tenantSpec("api", {
        team: team("api"),
        namespaces: { "api-jobs": {} },
        repositories: { "api-lib": {}, "web-lib": {} },
      }),
      tenantSpec("web", { team: team("web"), namespaces: { "web-jobs": {} } }),
    );
    const teams = withTenants(
      tenantSpec("api", { team: team("web"), namespaces: { "api-jobs": {} }, repositories: { "api-lib": {} } }),
      tenantSpec("web", { namespaces: { "web-jobs": {} }, repositories: { "web-lib": {} } }),
    );
    for (const tenant of ["web", "api"]) {
      assert.match(
        problems(tenant, repository).join("\n"),
        /the repository web-lib goes from the tenant web to the tenant api/,
      );
      assert.match(problems(tenant, teams).join("\n"), /the team web goes from the tenant web to the tenant api/);
    }
  });

  it("is refused for a tenant that was renamed, under both names", () => {
    const renamed = withTenants(
      api,
      tenantSpec("shop", {
        namespace: { name: "web" },
        repository: { name: "web" },
        namespaces: { "web-jobs": {} },
        repositories: { "web-lib": {} },
      }),
    );
    assert.match(problems("shop", renamed).join("\n"), /the namespace web goes from the tenant web to the tenant shop/);
    assert.match(problems("web", renamed).join("\n"), /no file declares this tenant/);
  });

  it("is refused when a repository or the team leaves this tenant, and not when one leaves another", () => {
    const without = withTenants(api, tenantSpec("web", { namespaces: { "web-jobs": {} } }));
    assert.match(
      problems("web", without).join("\n"),
      /the repository web-lib leaves the tenant.*\n.*the team web leaves/s,
    );
    assert.deepEqual(problems("api", without), []);
  });

  it("is accepted for a change, for a new tenant, and for one that only other stacks run", () => {
    assert.deepEqual(problems("web", former), []);
    assert.deepEqual(problems("new", withTenants(api, web, tenantSpec("new"))), []);
    assert.deepEqual(problems("api", fleetSpec({ tenants: [web], tenantsElsewhere: [api] })), []);
  });

  it("is accepted for tenants that share a repository of another owner", async () => {
    const shared = { shared: { existing: true } };
    const spec = withTenants(tenantSpec("api", { repositories: shared }), tenantSpec("web", { repositories: shared }));
    const repositories = new Map([ownRepository("shared")]);
    const { registrations } = await recordFleet(spec, { repositories });
    const sharing = indexState(stateOf(registrations), "fleet.dev/tenant");
    assert.ok(sharing.repositories.has("shared"));
    for (const tenant of ["api", "web"]) {
      assert.deepEqual(oneTenantProblems(spec, { tenant, last: lastOf(spec), state: sharing, going: [] }), []);
    }
  });

  it("names the removals of this tenant, and no other's", () => {
    const smaller = withTenants(
      tenantSpec("api", { team: team("api"), repositories: { "api-lib": {} } }),
      tenantSpec("web", { team: team("web"), repositories: { "web-lib": {} } }),
    );
    const removals = (tenant: string) =>
      describeRemovals(smaller, stateOfTenant(index(), tenant), { handedOver: [], leaving: [] });
    assert.equal(removals("web").length, 1);
    assert.match(removals("web").join(), /deletes the namespace web-jobs of the tenant web/);
    assert.match(removals("api").join(), /deletes the namespace api-jobs of the tenant api/);
  });

  it("takes back the changes of its own objects, counts those of others, and is refused by any that breaks isolation", () => {
    const quota = (tenant: string, pods: string) => ({
      type: "core/v1:ResourceQuota",
      name: "tenant",
      namespace: tenant,
      labels: { "fleet.dev/tenant": tenant },
      spec: { hard: { pods } },
    });
    const state = clusterState(quota("web", "50"), quota("api", "50"));
    const cluster = clusterWith(
      onCluster(quota("web", "500")),
      onCluster(
        { ...quota("api", "600"), spec: { hard: { pods: "600" }, scopes: ["Terminating"] } },
        { manager: "kubectl-edit", fieldsV1: { "f:spec": { "f:scopes": {} } } },
      ),
    );
    const { sentences, notes, leftOut, problems: refused } = findTenantDrift("web", state, cluster, new Set());
    assert.match(sentences.join("\n"), /^The ResourceQuota tenant in the namespace web was changed.*takes it back\.$/);
    assert.deepEqual([sentences.length, notes.size, leftOut, refused.length], [1, 1, 1, 1]);
  });

  it("says which other tenants have changes, and counts them when they are many", () => {
    const sentences = (spec: FleetSpec, drift = 0) => describeLeftOut(spec, lastOf(former), { tenant: "web", drift });
    assert.deepEqual(sentences(former), []);
    assert.deepEqual(sentences(withTenants(api, tenantSpec("web"))), []);
    const several = withTenants(tenantSpec("api"), web, tenantSpec("new"));
    assert.match(sentences(several).join(), /leaves out changes .* other tenants: api, new\.$/);
    assert.match(sentences(withTenants(web)).join(), /other tenants: api\.$/);
    assert.match(sentences(fleetSpec({ tenants: [web], tenantsElsewhere: [api] })).join(), /other tenants: api\.$/);
    const many = Array.from({ length: 12 }, (_, index) => tenantSpec(`new-${index + 10}`));
    assert.match(sentences(withTenants(api, web, ...many)).join(), /new-10, .*, new-19 and 2 more\.$/);
    const { common } = former;
    const settings = fleetSpec({ tenants: [api, web], common: { ...common, secrets: ["ca"] } });
    assert.match(sentences(settings).join(), /files or settings that concern other tenants: api\.$/);
    assert.match(sentences(former, 3).join(), /leaves out 3 changes that others made/);
  });

  it("says that the other side of a connection is left out, and not for another order of keys", () => {
    const service = { service: "web", pods: { app: "web" }, port: 80 };
    const exporting = tenantSpec("web", { exports: { web: { ...service, to: ["api"] } } });
    const importing = tenantSpec("api", { imports: { web: { tenant: "web", export: "web" } } });
    const sentences = (before: FleetSpec, now: FleetSpec) =>
      describeLeftOut(now, lastOf(before), { tenant: "web", drift: 0 }).join();
    const connected = withTenants(importing, exporting);
    assert.match(sentences(withTenants(importing, web), connected), /concern other tenants: api\.$/);
    assert.equal(sentences(connected, connected), "");
    const named = (...names: string[]) => {
      const namespaces = Object.fromEntries(names.map((name) => [name, {}]));
      return withTenants(web, tenantSpec("api", { namespaces }));
    };
    assert.equal(sentences(named("one", "two"), named("two", "one")), "");
  });
});
