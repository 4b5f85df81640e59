import assert from "node:assert/strict";
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
