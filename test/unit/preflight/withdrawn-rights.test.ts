import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KNOWN_ADDONS, knownAddon } from "../../../config/addons/known-addons.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { addonRules } from "../../../policies/rbac/addons.js";
import { tenantRole, tenantRules } from "../../../policies/rbac/reconciler.js";
import { readCluster } from "../../../preflight/cluster.js";
import { losingRightProblems } from "../../../preflight/losing-rights.js";
import { type LosingRight, withdrawnRights } from "../../../preflight/withdrawn-rights.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { kubeconfigText } from "../../support/unit/kubeconfig.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stateOf } from "../../support/unit/state-of.js";

const group = "gateway.networking.k8s.io";
const known = KNOWN_ADDONS.get("gateway-api") ?? assert.fail();
const offers = (names: readonly string[]): FleetSpec["platform"] => {
  const addons = names.map((name) => knownAddon(KNOWN_ADDONS.get(name) ?? assert.fail(name)));
  return { ...fleetSpec().platform, addons };
};
const tenants = [tenantSpec("web", { addons: ["gateway-api"], namespaces: { "web-jobs": {} } }), tenantSpec("shop")];
const former = fleetSpec({ tenants, platform: offers(["gateway-api"]) });
const withoutOffer = fleetSpec({
  tenants: [tenantSpec("web", { namespaces: { "web-jobs": {} } }), tenantSpec("shop")],
});

describe("rights that an update withdraws", () => {
  let state: StackState;
  before(async () => {
    state = stateOf((await recordFleet(former)).registrations);
  });
  const kinds = (spec: FleetSpec, only?: string, from = state) =>
    withdrawnRights(spec, from, only).map(({ resource, namespaces }) => [resource, namespaces]);
  const routes = known.kinds.filter(({ access }) => access === "write").map(({ plural }) => plural);

  it("are the kinds of an add-on that the stack does not offer any more, in the namespaces that had it", () => {
    assert.deepEqual(
      kinds(withoutOffer),
      routes.map((plural) => [plural, ["web", "web-jobs"]]),
    );
    assert.ok(withdrawnRights(withoutOffer, state).every((one) => one.group === group));
  });

  it("are those of an add-on that a tenant does not ask for any more", () => {
    const spec = { ...withoutOffer, platform: former.platform };
    assert.deepEqual(
      kinds(spec),
      routes.map((plural) => [plural, ["web", "web-jobs"]]),
    );
    assert.deepEqual(kinds(spec, "shop"), []);
  });

  it("are those that an older version of the program gave to all tenants", () => {
    const given = [...tenantRules, ...addonRules(known)];
    const [urn, role] =
      Object.entries(state).find(([, { type, outputs }]) => {
        const { name } = (outputs.metadata ?? {}) as { readonly name?: string };
        return type.endsWith(":ClusterRole") && name === tenantRole;
      }) ?? assert.fail();
    const wide = { ...state, [urn]: { ...role, outputs: { ...role.outputs, rules: given } } };
    assert.deepEqual(
      kinds(withoutOffer, "shop", wide),
      routes.map((plural) => [plural, ["shop"]]),
    );
  });

  it("are none of a namespace that leaves, of a new tenant, of a first update, and of one without a change", () => {
    assert.deepEqual(kinds(fleetSpec({ tenants: [tenantSpec("shop")] })), []);
    assert.deepEqual(kinds(former), []);
    assert.deepEqual(kinds(withoutOffer, undefined, {}), []);
    assert.deepEqual(kinds({ ...former, tenants: [...tenants, tenantSpec("new")] }), []);
  });

  describe("while the cluster has objects", () => {
    const servers: TestServer[] = [];
    let folder = "";
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "fleet-withdrawn-"));
    });
    after(async () => {
      await Promise.all(servers.map((server) => server.stop()));
      rmSync(folder, { recursive: true });
    });

    /**
     * The losses on a cluster with these HTTPRoutes, and the requests for them.
     * @param older TLSRoutes, which the cluster has in a version that it does not prefer
     */
    async function losses(
      spec: FleetSpec,
      routesThere: readonly object[],
      serves = true,
      older: readonly object[] = [],
    ) {
      const asked: string[] = [];
      const answers: Readonly<Record<string, object>> = {
        [`/apis/${group}`]: {
          preferredVersion: { version: "v1" },
          versions: [{ version: "v1" }, { version: "v1alpha3" }],
        },
        [`/apis/${group}/v1`]: { resources: [{ name: "httproutes", kind: "HTTPRoute" }] },
        [`/apis/${group}/v1alpha3`]: {
          resources: [
            { name: "httproutes", kind: "HTTPRoute" },
            { name: "tlsroutes", kind: "TLSRoute" },
          ],
        },
        [`/apis/${group}/v1/httproutes`]: { items: routesThere.map((metadata) => ({ metadata })) },
        [`/apis/${group}/v1alpha3/tlsroutes`]: { items: older.map((metadata) => ({ metadata })) },
      };
      const server = await httpServer(({ url = "" }, response) => {
        if (url.startsWith(`/apis/${group}`)) asked.push(url);
        if (url.startsWith(`/apis/${group}`) && !serves) response.statusCode = 404;
        response.end(JSON.stringify(answers[url] ?? { items: [], metadata: { name: "any" } }));
      });
      servers.push(server);
      const file = join(folder, `kubeconfig-${servers.length}`);
      writeFileSync(file, kubeconfigText({ cluster: { server: `http://127.0.0.1:${server.port}` } }));
      const args = { state: {}, definitions: [], withdrawn: withdrawnRights(spec, state) };
      const { losingRights } = await readCluster(args, { PATH: process.env.PATH, KUBECONFIG: file });
      return { losingRights, asked };
    }
    const words = (spec: FleetSpec, losing: readonly LosingRight[]) =>
      losingRightProblems(spec, losing, (tenant, place) => ({ file: `${tenant}.yaml`, path: place.join(".") })).map(
        problemLine,
      );

    it("are refused with the tenant, the objects, and what to do about an add-on that is not offered", async () => {
      const owned = { name: "made", namespace: "web", ownerReferences: [{ controller: true }] };
      const places = [{ name: "front", namespace: "web" }, { name: "other", namespace: "shop" }, owned];
      const { losingRights, asked } = await losses(withoutOffer, places);
      assert.deepEqual(words(withoutOffer, losingRights), [
        `Pulumi.staging.yaml: fleet:addons.gateway-api: the update takes the right to create httproutes.${group} from the tenant web, whose namespace web has front: its syncs would fail, and could not delete them. Offer the add-on gateway-api in fleet:addons (docs/addons.md), and let the tenant ask for it, or remove the objects from the tenant's repository first.`,
      ]);
      assert.deepEqual(asked, [
        `/apis/${group}`,
        ...["v1", "v1alpha3", "v1/httproutes", "v1alpha3/tlsroutes"].map((path) => `/apis/${group}/${path}`),
      ]);
    });

    it("are refused for a kind that the cluster does not serve in the version that it prefers", async () => {
      const { losingRights } = await losses(withoutOffer, [], true, [{ name: "tls", namespace: "web" }]);
      assert.match(words(withoutOffer, losingRights).join(), /create tlsroutes\.\S+ from .* web has tls: /);
    });

    it("are refused with the tenant's file where the stack still offers the add-on", async () => {
      const spec = { ...withoutOffer, platform: former.platform };
      const many = Array.from({ length: 7 }, (_, index) => ({ name: `r${index}`, namespace: "web-jobs" }));
      const { losingRights } = await losses(spec, many);
      assert.match(
        words(spec, losingRights).join(),
        /^web\.yaml: addons: .* has r0, r1, r2, r3, r4 and 2 more: .* Write gateway-api into addons of the tenant's file/,
      );
    });

    it("pass where only other namespaces have objects, or the cluster has no such kinds", async () => {
      assert.deepEqual((await losses(withoutOffer, [{ name: "other", namespace: "shop" }])).losingRights, []);
      const { losingRights, asked } = await losses(withoutOffer, [], false);
      assert.deepEqual([losingRights, asked], [[], [`/apis/${group}`]]);
    });

    it("cost no request without a change, and are named of an add-on of the stack's own too", async () => {
      assert.deepEqual((await losses(former, [])).asked, []);
      const objects = new Map([["web", ["one"]]]);
      const own = { group: "example.com", resource: "widgets", namespaces: ["web"], objects };
      assert.match(
        words(withoutOffer, [own]).join(),
        /^Pulumi\.staging\.yaml: fleet:addons: .*widgets\.example\.com.* Keep the add-on with the kind/,
      );
    });
  });
});
