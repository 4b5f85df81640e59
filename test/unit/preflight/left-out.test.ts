import assert from "node:assert/strict";
import { KNOWN_ADDONS, knownAddon } from "../../../config/addons/known-addons.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { LastUpdate } from "../../../lib/state/last-update.js";
import { resourcesDigest } from "../../../lib/state/resources-digest.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { sharedDigests, tenantDigests } from "../../../policies/tenant-digests.js";
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

  it("stops the update when it begins on the stack, in words of its own", () => {
    const elsewhere = lastOf(fleetSpec({ tenants: [api], tenantsElsewhere: [web] }));
    const { web: _, ...tenants } = elsewhere.tenants;
    assert.deepEqual(problems(former, { ...elsewhere, tenants }), [
      "fleet up: --leave-blocked: the stack would begin to run the tenant web, of which it has only the repositories so far. Promote it first, or remove stacks/staging/tenants/web.yaml until it is.",
    ]);
  });

  it("stops the update when a repository or a team would go that its files name again", () => {
    const leaving = "urn:pulumi:staging::fleet::fleet:index:Fleet$fleet:git:Leaving$";
    const gone: StackState = {
      [`${leaving}github:index/repository:Repository::web.web-old-repository-github`]: {
        type: "github:index/repository:Repository",
        outputs: { name: "Web-Old" },
      },
      [`${leaving}github:index/team:Team::web-team-github`]: {
        type: "github:index/team:Team",
        outputs: { name: "web-people", slug: "web-people" },
      },
    };
    const all = { ...state, ...gone };
    const args = { leftOut: { ...leftOut("web"), resources: resourcesDigest(Object.keys(all)) } };
    const found = (spec: FleetSpec) =>
      leftOutProblems(spec, all, { ...args, last: lastOf(spec) }).map(({ message }) => message);
    const hosts = ["*.shop.example.com"];
    const names = { repositories: { "web-old": {} }, team: { name: "web-people" } };
    const again = withTenants(api, tenantSpec("web", { hosts, namespaces: { "web-jobs": {} }, ...names }));
    assert.deepEqual(found(former), []);
    assert.deepEqual(found(again), [
      "the repository web-old would go, and the files of the tenant web name it, which stays",
      "the team web-people would go, and the files of the tenant web name it, which stays",
    ]);
    assert.deepEqual(found({ ...again, github: { ...again.github, ownsRepositories: false } }), []);
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

describe("The rights of a tenant that an update leaves as it is", () => {
  const offers = (...names: string[]): FleetSpec["platform"] => {
    const addons = names.map((name) => knownAddon(KNOWN_ADDONS.get(name) ?? assert.fail(name)));
    return { ...fleetSpec().platform, addons };
  };
  const user = tenantSpec("web", { addons: ["external-secrets"], access: { viewers: ["web-people"] } });
  const tenants = [api, user];
  const offered = fleetSpec({ tenants, platform: offers("external-secrets", "flagger") });
  let state: StackState;
  before(async () => {
    state = stateOf((await recordFleet(offered)).registrations);
  });
  const problems = (spec: FleetSpec, tenant: string, from = state) => {
    const excluded = Object.keys(from).filter((urn) => urn.includes(`::${tenant}`));
    const leftOut = { tenants: [tenant], excluded, resources: resourcesDigest(Object.keys(from)) };
    return leftOutProblems(spec, from, { leftOut, last: lastOf(offered) }).map(({ message }) => message);
  };

  it("stop an update that deletes the ClusterRole of its add-on, also if its files ask for it no more", () => {
    for (const web of [user, tenantSpec("web", { access: { viewers: ["web-people"] } })]) {
      const found = problems(fleetSpec({ tenants: [api, web], platform: offers("flagger") }), "web");
      assert.equal(found.length, 2, found.join("\n"));
      assert.match(
        found.join("\n"),
        /the tenant web, which stays, would lose rights of the ClusterRole \S*external-secrets\S*: get \S+\.external-secrets\.io, .* more$/m,
      );
      assert.match(found.join("\n"), /would lose rights of the ClusterRole fleet-tenant-viewer: get /);
    }
  });

  it("stop an update that takes rules from its ClusterRole", () => {
    const more = Object.fromEntries(
      Object.entries(state).map(([urn, one]) => {
        if (one.outputs.metadata === undefined || !urn.endsWith("-tenant-roles-reconciler")) return [urn, one];
        const rules = [
          ...(one.outputs.rules as object[]),
          { apiGroups: [""], resources: ["podtemplates"], verbs: ["get"] },
        ];
        return [urn, { ...one, outputs: { ...one.outputs, rules } }];
      }),
    );
    assert.deepEqual(problems(offered, "api", more), [
      "the tenant api, which stays, would lose rights of the ClusterRole fleet-tenant-reconciler: get podtemplates",
    ]);
  });

  it("stop nothing while no binding of its own names the ClusterRole, nor when rules are added", () => {
    assert.deepEqual(problems(fleetSpec({ tenants, platform: offers() }), "api"), []);
    assert.deepEqual(problems(offered, "web"), []);
    const wider = offers("external-secrets", "flagger", "gateway-api");
    assert.deepEqual(problems(fleetSpec({ tenants, platform: wider }), "web"), []);
  });
});
