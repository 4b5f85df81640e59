import assert from "node:assert/strict";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const file = (...lines: readonly string[]) => ({ files: { [base]: `name: team-a\n${lines.join("\n")}\n` } });

describe("a tenant's additional parts are refused, naming file, line and field, for", () => {
  it("a field that they do not have", () => {
    assertProblems(
      file(
        "namespaces: {jobs: {labls: {a: b}}}",
        "repositories: {charts: {private: true}}",
        "syncs: {jobs: {path: ./y, pth: ./x}}",
      ),
      /:2: namespaces\.jobs\.labls: there is no such field\. Did you mean namespaces\.jobs\.labels/,
      /:3: repositories\.charts\.private: there is no such field/,
      /:4: syncs\.jobs\.pth: there is no such field\. Did you mean syncs\.jobs\.path/,
    );
  });

  it("names that nothing can have", () => {
    assertProblems(
      file("namespaces: {kube-mine: {}}", "repositories: {a/b: {}}", "syncs: {Jobs: {path: ./x}}"),
      /:2: namespaces\.kube-mine: the key is reserved/,
      /:3: repositories\["a\/b"\]: the key is not/,
      /:4: syncs\.Jobs: the key is not a DNS label/,
    );
  });

  it("a namespace that another tenant, or the tenant itself, has already", () => {
    const others = {
      "stacks/base/tenants/team-b.yaml": "name: team-b\nnamespaces: {team-a: {}, team-b: {}}\n",
      "stacks/staging/tenants/team-b.yaml": "",
    };
    assertProblems(
      { files: others },
      /team-b\.yaml:2: namespaces\.team-a: "team-a" is /,
      /team-b\.yaml:2: namespaces\.team-b: "team-b" is /,
    );
  });

  it("a namespace that an overlay adds and another tenant has", () => {
    assertProblems(
      {
        files: {
          "stacks/base/tenants/team-b.yaml": "name: team-b\n",
          "stacks/staging/tenants/team-b.yaml": "\nnamespaces: {team-a: {}}\n",
        },
      },
      /^stacks\/staging\/tenants\/team-b\.yaml:2: namespaces\.team-a: "team-a" is /,
    );
  });

  it("a repository that another tenant has, whatever its case", () => {
    assertProblems(
      { files: { "stacks/base/tenants/team-b.yaml": "name: team-b\nrepositories: {Team-A: {}}\n" } },
      /team-b\.yaml:2: repositories\.Team-A: "Team-A" is the repository of team-a/,
    );
  });

  it("repositories in an overlay", () => {
    assertProblems(
      { files: { [overlay]: "repositories: {charts: {}}\n" } },
      /staging\/tenants\/team-a\.yaml:1: repositories: cannot/,
    );
  });

  it("a sync of a repository or to a namespace that the tenant does not have", () => {
    assertProblems(
      file("syncs: {jobs: {repository: chart, namespace: job, path: ./x}}", "repositories: {charts: {}}"),
      /:2: syncs\.jobs\.namespace: "job" is no namespace of the tenant team-a/,
      /:2: syncs\.jobs\.repository: "chart" is no repository of the tenant team-a\. Did you mean charts/,
    );
  });

  it("a sync with the name of the tenant's primary one", () => {
    assertProblems(
      file("syncs: {team-a: {path: ./x}}"),
      /syncs\.team-a: "team-a" is the name of the tenant's primary sync/,
    );
  });

  it("two syncs of one folder to one namespace", () => {
    assertProblems(
      file("syncs: {again: {}}"),
      /syncs\.again\.path: \.\/deploy\/staging of team-a is applied to team-a by the sync team-a already/,
    );
    assertProblems(
      file("syncs: {again: {path: ./deploy/staging/}}"),
      /syncs\.again\.path: \.\/deploy\/staging\/ of team-a is applied to team-a by the sync team-a already/,
    );
  });

  it("two syncs of which one has a folder within the other's", () => {
    for (const path of ["./", "./deploy", "./deploy/", "./deploy/staging/jobs"]) {
      assertProblems(
        file(`syncs: {again: {path: ${path}}}`),
        /syncs\.again\.path: \.\/.* of team-a and \.\/deploy\/staging of the sync team-a overlap, and both are applied to team-a/,
      );
    }
  });

  it("a dependency that is none of the tenant's, or in another namespace", () => {
    assertProblems(
      file(
        "namespaces: {jobs: {}}",
        "syncs:",
        "  one: {path: ./one, dependsOn: [tow]}",
        "  two: {path: ./two, namespace: jobs, dependsOn: [one]}",
      ),
      /:4: syncs\.one\.dependsOn\[0\]: "tow" is no sync of the tenant team-a/,
      /:5: syncs\.two\.dependsOn\[0\]: one is in the namespace team-a/,
    );
  });

  it("syncs that wait for each other", () => {
    assertProblems(
      file("syncs: {one: {path: ./one, dependsOn: [two]}, two: {path: ./two, dependsOn: [one]}}"),
      /syncs\.one\.dependsOn: one waits for itself/,
      /syncs\.two\.dependsOn: two waits for itself/,
    );
  });

  it("more than one reference, be it after the overlay", () => {
    assertProblems(file("sync: {ref: {tag: v1, semver: ~1}}"), /sync\.ref: says tag and semver/);
    assertProblems(
      { files: { [base]: "name: team-a\nsync: {ref: {tag: v1}}\n", [overlay]: "sync: {ref: {branch: next}}\n" } },
      /staging.*sync\.ref: says (tag and branch|branch and tag)/,
    );
  });

  it("a reference, a variable, a health check or a policy that is none", () => {
    assertProblems(
      file(
        "sync:",
        "  ref: {commit: abc}",
        "  substitute: {my-name: x}",
        "  healthChecks: [{apiVersion: apps/v1, kind: deployment, name: web}]",
        "  deletionPolicy: Keep",
        "syncs: {one: {path: ./one, ref: {semver: newest}}}",
      ),
      /:3: sync\.ref\.commit: "abc" is not a whole commit/,
      /:4: sync\.substitute\.my-name: the key is not a variable name/,
      /:5: sync\.healthChecks\[0\]\.kind: "deployment" is not a kind/,
      /:6: sync\.deletionPolicy: must be one of MirrorPrune/,
      /:7: syncs\.one\.ref\.semver: "newest" is not a range of versions/,
    );
  });

  it("a level of Pod Security below the stack's floor", () => {
    const low = file("namespace: {podSecurity: baseline}", "namespaces: {jobs: {podSecurity: privileged}}");
    assertProblems(
      low,
      /:2: namespace\.podSecurity: baseline is below restricted, which Pulumi\.staging\.yaml has/,
      /:3: namespaces\.jobs\.podSecurity: privileged is below restricted/,
    );
    assertProblems(
      { ...low, config: { podSecurityFloor: "baseline" } },
      /namespaces\.jobs\.podSecurity: privileged is below baseline/,
    );
  });
});

describe("a tenant's additional parts", () => {
  it("have the defaults of the first ones", () => {
    const [tenant] = load(
      file("namespaces: {jobs: {}}", "repositories: {charts: {}}", "syncs: {jobs: {path: ./jobs}}"),
    ).tenants;
    assert.ok(tenant);
    const { namespaces, repositories, syncs } = tenant;
    assert.deepEqual(namespaces.slice(1), [{ ...namespaces[0], name: "jobs" }]);
    assert.deepEqual(repositories.slice(1), [{ ...repositories[0], name: "charts" }]);
    assert.deepEqual(syncs.slice(1), [{ ...syncs[0], name: "jobs", path: "./jobs" }]);
  });

  it("may have folders beside each other, and one folder in two namespaces or of two repositories", () => {
    const syncs = [
      "  beside: {path: ./deploy/staging-jobs}",
      "  elsewhere: {path: ./deploy/staging, namespace: jobs}",
      "  other: {path: ./deploy/staging, repository: charts}",
    ];
    const [tenant] = load(file("namespaces: {jobs: {}}", "repositories: {charts: {}}", "syncs:", ...syncs)).tenants;
    assert.equal(tenant?.syncs.length, 4);
  });

  it("are taken away, added and changed by an overlay", () => {
    const [tenant] = load({
      files: {
        [base]:
          "name: team-a\nnamespaces: {jobs: {}, tools: {labels: {a: b}}}\nsyncs: {one: {path: ./one}, two: {path: ./two}}\n",
        [overlay]:
          "namespaces: {jobs: null, tools: {limits: {size: large}}, extra: {}}\nsyncs: {one: null, two: {suspend: true}}\n",
      },
    }).tenants;
    assert.ok(tenant);
    const [, ...namespaces] = tenant.namespaces;
    const [, ...syncs] = tenant.syncs;
    assert.deepEqual(namespaces.map(({ name, limits }) => [name, limits.cpu]).sort(), [
      ["extra", "4"],
      ["tools", "64"],
    ]);
    assert.deepEqual(
      syncs.map(({ name, suspend }) => [name, suspend]),
      [["two", true]],
    );
  });

  it("may go down to the level of Pod Security that the stack allows", () => {
    const [tenant] = load({
      ...file("namespace: {podSecurity: baseline}"),
      config: { podSecurityFloor: "baseline" },
    }).tenants;
    assert.equal(tenant?.namespaces[0].podSecurity, "baseline");
  });
});
