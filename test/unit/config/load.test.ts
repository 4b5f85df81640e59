import assert from "node:assert/strict";
import { SIZES } from "../../../config/tenant/limits/sizes.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { assertProblems, clusterFolders, load, problemLines } from "../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";

describe("loadFleetSpec refuses", () => {
  describe("about the stack", () => {
    it("a stack without overlay folder, and lists those that have one", () => {
      assertProblems(
        { stack: "prod-us", files: clusterFolders("prod-us") },
        /^stacks\/prod-us\/tenants: does not exist, so the stack prod-us has no overlay folder; those that have one are prod-eu, staging\. /,
      );
    });

    it("a stack whose name was mistyped", () => {
      assertProblems(
        { stack: "stagign" },
        /^fleet\/clusters\/stagign\/kustomization\.yaml: .*Did you mean staging\? If not, create it, like/,
        /^stacks\/stagign\/tenants: .*Did you mean staging\?$/,
      );
    });

    it("a stack's name that would lead out of the folder", () => {
      assertProblems({ stack: "../base" }, /the stack's name is not a DNS label/);
    });

    it("a stack's folder without tenants in it", () => {
      assertProblems(
        { files: { "stacks/prod-us/tenant/team-a.yaml": "", ...clusterFolders("prod-us") }, stack: "prod-us" },
        /^stacks\/prod-us\/tenants: does not exist/,
      );
    });

    it("a stack of which Flux would find nothing, together with what else is wrong", () => {
      assertProblems(
        { files: { "stacks/prod-us/tenants/team-a.yaml": "colour: blue\n" }, stack: "prod-us" },
        /^fleet\/clusters\/prod-us\/kustomization\.yaml: does not exist, .* Create it, like fleet\/clusters\/prod-eu\//,
        /^stacks\/prod-us\/tenants\/team-a\.yaml:1: colour: /,
      );
    });

    it("a stack in a checkout without the platform's files", () => {
      const none = Object.fromEntries(
        Object.keys(clusterFolders("staging", "prod-eu")).map((file) => [file, undefined]),
      );
      assertProblems({ files: none }, /^fleet\/clusters\/staging\/kustomization\.yaml: does not exist/);
    });

    it("a stack without the variables that its cluster's files use", () => {
      const files = {
        "fleet/clusters/staging/kustomization.yaml": "namePrefix: \u0024{region}\u0024{cluster_stack}-\n",
      };
      assertProblems(
        { files },
        /^fleet\/clusters\/staging\/kustomization\.yaml:1: namePrefix: \u0024\{region\} has no value/,
      );
      assert.equal(load({ files, config: { variables: '{"region":"eu"}' } }).stack, "staging");
      assertProblems({ files, config: { variables: "[]" } }, /^Pulumi\.staging\.yaml: fleet:variables: /);
    });

    it("another stack's folder that could not be a stack", () => {
      assertProblems(
        { files: { "stacks/Prod_US/tenants/team-a.yaml": "" } },
        /^stacks\/Prod_US: the stack's name is not a DNS label.*Rename the folder\.$/,
      );
    });

    it("the base folder as a stack", () => {
      assertProblems({ stack: "base" }, /is reserved: stacks\/base holds what all stacks share/);
    });

    it("a checkout without base folder", () => {
      assertProblems(
        {
          files: {
            [base]: undefined,
            [overlay]: undefined,
            "stacks/prod-eu/tenants/team-a.yaml": undefined,
            "stacks/staging/tenants/.gitkeep": "",
          },
        },
        /^stacks\/base\/tenants: does not exist/,
      );
    });
  });

  describe("a tenant that only another stack has", () => {
    const files = {
      "stacks/base/tenants/team-b.yaml": "name: team-b\nrepository: {name: web}\n",
      "stacks/prod-eu/tenants/team-b.yaml": "namespace: {name: elsewhere}\n",
    };

    it("is known to the stack that creates repositories, as its base file declares it", () => {
      const { tenants, tenantsElsewhere } = load({ files });
      assert.deepEqual(
        tenants.map(({ name }) => name),
        ["team-a"],
      );
      assert.deepEqual(
        tenantsElsewhere.map(({ repositories }) => repositories[0].name),
        ["web"],
      );
    });

    it("is unknown to every other stack", () => {
      assert.deepEqual(load({ files, config: { repositoryOwner: "prod-eu" } }).tenantsElsewhere, []);
    });

    it("is no tenant without an overlay on any stack", () => {
      const unused = { "stacks/base/tenants/team-b.yaml": "name: team-b\n" };
      assert.deepEqual(load({ files: unused }).tenantsElsewhere, []);
    });
  });

  it("ten problems of files, configuration and environment at once", () => {
    const lines = problemLines({
      files: {
        [base]: "name: team-a\nowner: me\nnamespace: {name: kube-system}\n",
        [overlay]: "sync:\n  interval: 5\n  timeout: 2h\n",
        "stacks/base/tenants/team-b.yaml": "name: team-b\nrepository: {name: platform}\n",
        "stacks/staging/tenants/team-c.yaml": "",
      },
      config: { repositoryOwner: "production", logLevel: "verbose" },
      environment: { GITHUB_TOKEN: undefined, GITHUB_OWNER: undefined },
    });
    assert.deepEqual(
      lines.map((line) => line.split(": ").slice(0, 2).join(" ")),
      [
        "Pulumi.staging.yaml fleet:logLevel",
        "Pulumi.staging.yaml fleet:repositoryOwner",
        "environment GITHUB_OWNER",
        "environment GITHUB_TOKEN",
        "stacks/base/tenants/team-a.yaml:2 owner",
        "stacks/base/tenants/team-a.yaml:3 namespace.name",
        "stacks/base/tenants/team-b.yaml:2 repository.name",
        "stacks/staging/tenants/team-a.yaml:2 sync.interval",
        "stacks/staging/tenants/team-a.yaml:3 sync.timeout",
        "stacks/staging/tenants/team-c.yaml there is no tenant team-c in stacks/base/tenants to lay this over. Did you mean team-a or team-b?",
      ],
    );
    for (const line of lines) assert.match(line, /\.$|\?$/, "every problem is a sentence");
  });
});

describe("a problem found elsewhere", () => {
  const lock = { file: "flux.lock.json", path: "v2.999.0", message: "Flux v2.999.0 has no entry" };

  it("hides no problem of a tenant's file, and none of these hides it", () => {
    assertProblems(
      {
        files: { [base]: "name: team-a\ncolour: blue\n" },
        environment: { GITHUB_TOKEN: "" },
        additionalProblems: [lock],
      },
      /^environment: GITHUB_TOKEN: is not set/,
      /^flux\.lock\.json: v2\.999\.0: Flux v2\.999\.0 has no entry\.$/,
      /^stacks\/base\/tenants\/team-a\.yaml:2: colour: /,
    );
  });

  it("is reported even when the stack's name is invalid", () => {
    assertProblems({ stack: "../base", additionalProblems: [lock] }, /is not a DNS label/, /has no entry/);
  });

  it("is enough to refuse a stack that is sound otherwise", () => {
    assertProblems({ additionalProblems: [lock] }, /has no entry/);
  });
});

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
            scaffold: true,
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
