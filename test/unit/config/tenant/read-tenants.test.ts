import { assertProblems } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";

describe("tenants are refused, naming file, line and field, for", () => {
  const overlayB = { "stacks/staging/tenants/team-b.yaml": "" };

  it("two files with one tenant's name", () => {
    assertProblems(
      { files: { "stacks/base/tenants/team-b.yaml": "name: team-a\n" } },
      /team-b\.yaml:1: name: "team-a" is the tenant of stacks\/base\/tenants\/team-a\.yaml already/,
    );
  });

  it("two tenants in one namespace", () => {
    assertProblems(
      { files: { ...overlayB, "stacks/base/tenants/team-b.yaml": "name: team-b\nnamespace:\n  name: team-a\n" } },
      /team-b\.yaml:3: namespace\.name: "team-a" is the namespace of team-a \(stacks\/base\/tenants\/team-a\.yaml\) already/,
    );
  });

  it("two tenants that an overlay puts into one namespace", () => {
    assertProblems(
      {
        files: {
          "stacks/base/tenants/team-b.yaml": "name: team-b\n",
          "stacks/staging/tenants/team-b.yaml": "namespace: {name: team-a}\n",
        },
      },
      /^stacks\/staging\/tenants\/team-b\.yaml:1: namespace\.name: "team-a" is the namespace of team-a/,
    );
  });

  it("an overlay's namespace where it is written, when the base file has another", () => {
    assertProblems(
      {
        files: {
          "stacks/base/tenants/team-b.yaml": "name: team-b\nnamespace: {name: team-b}\n",
          "stacks/staging/tenants/team-b.yaml": "namespace: {name: team-a}\n",
        },
      },
      /^stacks\/staging\/tenants\/team-b\.yaml:1: namespace\.name: "team-a" is the namespace of team-a/,
    );
  });

  it("two tenants with one repository, spelled differently", () => {
    assertProblems(
      { files: { "stacks/base/tenants/team-b.yaml": "name: team-b\nrepository: {name: TEAM-A}\n" } },
      /team-b\.yaml:2: repository\.name: "TEAM-A" is the repository of team-a \(.*\) already/,
    );
  });

  it("a tenant with the platform's repository", () => {
    assertProblems(
      {
        files: { [base]: "name: team-a\nrepository: {name: Cluster-Config}\n" },
        config: { platformRepository: '{"name":"CLUSTER-config"}' },
      },
      /repository\.name: "Cluster-Config" is the platform's own repository already/,
    );
  });

  it("a tenant with the template's repository", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nrepository: {name: tenant-template}\n" } },
      /repository\.name: "tenant-template" is the template of all tenants' repositories already/,
    );
  });

  for (const reserved of ["default", "kube-system", "kube-payments", "flux-system"]) {
    it(`a tenant in the namespace ${reserved}`, () => {
      assertProblems(
        { files: { [base]: `name: team-a\nnamespace: {name: ${reserved}}\n` } },
        /team-a\.yaml:2: namespace\.name: ".*" is reserved/,
      );
    });
  }

  it("a tenant whose own name is a reserved namespace", () => {
    assertProblems(
      {
        files: {
          "stacks/base/tenants/monitoring.yaml": "name: monitoring\n",
          "stacks/staging/tenants/monitoring.yaml": "",
        },
      },
      /^stacks\/base\/tenants\/monitoring\.yaml:1: namespace\.name: the tenant's name is also its namespace's, and "monitoring" is reserved/,
    );
  });

  it("an overlay for a tenant that base lacks, and names the one that was meant", () => {
    assertProblems(
      { files: { "stacks/staging/tenants/teem-a.yaml": "" } },
      /^stacks\/staging\/tenants\/teem-a\.yaml: there is no tenant teem-a in stacks\/base\/tenants .*Did you mean team-a\?$/,
    );
  });

  it("an overlay that renames its tenant", () => {
    assertProblems({ files: { [overlay]: "name: team-z\n" } }, /an overlay cannot change the tenant's name/);
  });

  it("an overlay that speaks of the repository, which exists once for all stacks", () => {
    assertProblems(
      { files: { [overlay]: "description: Other\nrepository: {name: other}\n" } },
      /:1: description: cannot differ between stacks/,
      /:2: repository: cannot differ between stacks.*Set it in stacks\/base\/tenants\/team-a\.yaml\.$/,
    );
  });
});
