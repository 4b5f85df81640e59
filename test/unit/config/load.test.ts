import assert from "node:assert/strict";
import { SIZES } from "../../../config/tenant/limits/sizes.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { assertProblems, clusterFolders, load, problemLines } from "../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";

describe("loadFleetSpec", () => {
  it("fills in every default", () => {
    assert.deepEqual(load().tenants, [
      {
        name: "team-a",
        description: "Deployments of the tenant team-a",
        repositories: [
          {
            name: "team-a",
            visibility: "private",
            defaultBranch: "main",
            existing: false,
            scaffold: "kustomize",
            protection: { enabled: true, pullRequest: false, reviews: 0, codeOwners: false, checks: [] },
            topics: [],
            codeowners: [],
          },
        ],
        namespaces: [
          {
            name: "team-a",
            labels: {},
            annotations: {},
            podSecurity: "restricted",
            limits: { size: "small", ...SIZES.small },
          },
        ],
        totalLimits: {},
        access: { viewers: [], operators: [], roles: {} },
        network: { ingress: [], egress: [] },
        hosts: [],
        exports: {},
        imports: {},
        serviceAccounts: {},
        addons: [],
        progressiveDelivery: false,
        pullSecrets: {},
        syncs: [
          {
            name: "team-a",
            repository: "team-a",
            namespace: "team-a",
            path: "./deploy/staging",
            ref: {},
            interval: "1m",
            retryInterval: "30s",
            timeout: "3m",
            suspend: false,
            prune: true,
            force: false,
            dependsOn: [],
            healthChecks: [],
            substitute: {},
            substituteFrom: [],
            deletionPolicy: "MirrorPrune",
          },
        ],
        helm: { repositories: {}, charts: {} },
        notifications: {},
        webhook: false,
        robot: { enabled: false, token: false },
      },
    ]);
  });

  it("lays the overlay over the base, and lets it take values back to their defaults", () => {
    const spec = load({
      files: {
        [base]:
          "name: team-a\nnamespace: {labels: {a: one, b: two}}\nsync: {interval: 5m, timeout: 5m, suspend: true}\n",
        [overlay]: "namespace: {labels: {b: null, c: three}}\nsync: {interval: null, timeout: 10m}\n",
      },
    });
    assert.deepEqual(spec.tenants[0]?.namespaces[0].labels, { a: "one", c: "three" });
    const { interval, retryInterval, timeout, suspend } = spec.tenants[0]?.syncs[0] ?? {};
    assert.deepEqual(
      { interval, retryInterval, timeout, suspend },
      { interval: "1m", retryInterval: "30s", timeout: "10m", suspend: true },
    );
  });

  it("lets the overlay take whole sections and maps back to their defaults", () => {
    const declared =
      "name: team-a\nnamespace: {name: a, labels: {a: one}}\nsync: {interval: 5m}\nsyncs: {b: {path: ./b}}\nlimits: {size: large}\n";
    const [tenant] = load({
      files: {
        [base]: declared,
        [overlay]: "namespace: {labels: null}\nsync: null\nsyncs: null\nlimits: null\n",
      },
    }).tenants;
    assert.deepEqual(tenant?.namespaces[0].labels, {});
    assert.equal(tenant?.namespaces[0].name, "a");
    assert.equal(tenant?.namespaces[0].limits.size, "small");
    assert.deepEqual(
      tenant?.syncs.map(({ name, interval }) => [name, interval]),
      [["team-a", "1m"]],
    );
  });

  it("leaves out a tenant that no overlay of the stack names", () => {
    const spec = load({ files: { "stacks/base/tenants/team-b.yaml": "name: team-b\n" } });
    assert.deepEqual(
      spec.tenants.map(({ name }) => name),
      ["team-a"],
    );
  });

  it("loads a stack without tenants, whose folder only .gitkeep holds", () => {
    const spec = load({
      files: { "stacks/empty/tenants/.gitkeep": "", ...clusterFolders("empty") },
      stack: "empty",
    });
    assert.deepEqual(spec.tenants, []);
    assert.deepEqual(spec.stacks, ["empty", "prod-eu", "staging"]);
  });

  it("sorts tenants by name, so that the order of a folder never shows in a preview", () => {
    const names = ["team-z", "team-b", "team-m"];
    const files = Object.fromEntries(
      names.flatMap((name) => [
        [`stacks/base/tenants/${name}.yaml`, `name: ${name}\n`],
        [`stacks/staging/tenants/${name}.yaml`, ""],
      ]),
    );
    assert.deepEqual(
      load({ files }).tenants.map(({ name }) => name),
      ["team-a", "team-b", "team-m", "team-z"],
    );
  });

  it("knows which stack creates repositories", () => {
    assert.equal(load().github.ownsRepositories, true);
    assert.equal(load({ stack: "prod-eu" }).github.ownsRepositories, false);
  });

  it("returns data that nothing can change", () => {
    const spec = load();
    const everything: unknown[] = [spec];
    for (const value of everything) {
      if (typeof value !== "object" || value === null) continue;
      assert.ok(Object.isFrozen(value));
      everything.push(...Object.values(value));
    }
    assert.ok(everything.length > 20);
  });

  it("has its problems as data too", () => {
    assert.throws(
      () => load({ environment: { GITHUB_TOKEN: "" } }),
      (error) => error instanceof FleetError && error.problems[0]?.path === "GITHUB_TOKEN",
    );
  });

  it("treats __proto__ in a file as a key like any other", () => {
    const lines = problemLines({
      files: { [overlay]: "__proto__: {suspend: true}\nsync: {__proto__: {suspend: true}}\n" },
    });
    assert.equal(lines.length, 2);
    assert.equal(Object.hasOwn(Object.prototype, "suspend"), false);
  });

  for (const [map, entries] of [
    ["namespaces", "{__proto__: {}}"],
    ["syncs", "{__proto__: {path: ./}}"],
    ["notifications", "{__proto__: {}}"],
    ["serviceAccounts.deployer.annotations", '{__proto__: "1"}'],
  ] as const) {
    it(`refuses __proto__ as a key of ${map}, where Zod passes it over`, () => {
      const text = map.split(".").reduceRight((inner, field) => `{${field}: ${inner}}`, entries);
      assertProblems({ files: { [overlay]: text } }, new RegExp(`${map}\\.__proto__: cannot be a key`));
    });
  }

  for (const key of ["toString", "valueOf"]) {
    it(`refuses ${key} as a key, on which the client of the Pulumi engine fails`, () => {
      assertProblems(
        { files: { [overlay]: `namespace: {labels: {${key}: a}}\n` } },
        new RegExp(`^stacks/staging/tenants/team-a\\.yaml:1: namespace\\.labels\\.${key}: cannot be a key`),
      );
      assertProblems(
        { config: { variables: `{"${key}": "x"}` } },
        new RegExp(`fleet:variables\\.${key}: cannot be a key`),
      );
    });
  }

  it("refuses __proto__ as a key of a map in the configuration", () => {
    assertProblems({ config: { variables: '{"__proto__": "x"}' } }, /fleet:variables\.__proto__: cannot be a key/);
  });
});
