import assert from "node:assert/strict";
import { assertProblems, type Changes, load, problemLines } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const inBase = (repository: string): Changes => ({
  files: { [base]: `name: team-a\nrepository:\n  ${repository}\n` },
});
const foreign = "cannot be set for an existing repository";

describe("a repository is refused, naming file, line and field, for", () => {
  it("reviews without required pull requests, which would protect nothing", () => {
    assertProblems(
      inBase("protection: {reviews: 2}"),
      /^stacks\/base\/tenants\/team-a\.yaml:3: repository\.protection\.reviews: is demanded of pull requests, .*Add pullRequest: true/,
    );
    assertProblems(
      inBase("protection: {codeOwners: true, reviews: 1}"),
      /protection\.codeOwners: asks for the approval of owners, and there is no codeowners/,
      /protection\.codeOwners: is demanded of pull requests/,
      /protection\.reviews: is demanded of pull requests/,
    );
  });

  it("approval by code owners without a list of them", () => {
    assertProblems(
      inBase("protection: {pullRequest: true, codeOwners: true}"),
      /team-a\.yaml:3: repository\.protection\.codeOwners: asks for the approval of owners, and there is no codeowners/,
    );
  });

  describe("a repository of two tenants", () => {
    const both = (a: string, b: string): Changes => ({
      files: { [base]: `name: team-a\n${a}\n`, "stacks/base/tenants/team-b.yaml": `name: team-b\n${b}\n` },
    });
    const mono = "repository: {name: mono, existing: true}";

    it("that one of them lets the program manage", () => {
      const problem =
        /^stacks\/base\/tenants\/team-b\.yaml:2: repository\.name: "(mono|MONO)" is the repository of team-a .* or write existing: true in the files of all that share it\.$/;
      assertProblems(both(mono, "repository: {name: mono}"), problem);
      assertProblems(both("repository: {name: mono}", "repository: {name: MONO, existing: true}"), problem);
    });

    it("that is the platform's own", () => {
      const platform = "repository: {name: platform, existing: true}";
      const taken = /repository\.name: "platform" is the platform's own repository already/;
      assertProblems(both(platform, platform), taken, taken);
    });

    it("twice in one file", () => {
      assertProblems(
        { files: { [base]: `name: team-a\n${mono}\nrepositories: {Mono: {existing: true}}\n` } },
        /repositories\.Mono: "Mono" is the repository of team-a/,
      );
    });

    it("unless all of them leave its settings to its owner", () => {
      const changes = both(mono, "repositories: {mono: {existing: true}}");
      const spec = load({ files: { ...changes.files, "stacks/staging/tenants/team-b.yaml": "" } });
      assert.deepEqual(
        spec.tenants.map(({ repositories }) => repositories.map(({ name }) => name)),
        [["mono"], ["team-b", "mono"]],
      );
    });
  });

  it("demands of a branch that is not protected", () => {
    assertProblems(
      inBase("protection: {enabled: false, pullRequest: true, reviews: 1, checks: [test]}"),
      /protection\.checks: is demanded of a branch that is not protected at all \(enabled: false\)/,
      /protection\.pullRequest: is demanded/,
      /protection\.reviews: is demanded/,
    );
  });

  it("more reviews than GitHub counts", () => {
    assertProblems(inBase("protection: {pullRequest: true, reviews: 7}"), /reviews: 7 is not between 0 and 6/);
  });

  it("an unknown scaffold, with those that there are", () => {
    for (const value of ["kustomise", "none", "3", "[helm]"]) {
      assertProblems(
        inBase(`scaffold: ${value}`),
        /^stacks\/base\/tenants\/team-a\.yaml:3: repository\.scaffold: must be one of .*kustomize.*helm.*minimal/,
      );
    }
  });

  it("a template's name, whether any tenant uses that template or not", () => {
    for (const name of ["tenant-template", "tenant-template-helm", "Tenant-Template-Minimal"]) {
      assertProblems(inBase(`name: ${name}`), /repository\.name: ".*" is the template of all tenants' repositories/);
    }
  });

  it("settings of a repository that another owner manages", () => {
    assertProblems(
      inBase('{existing: true, protection: {}, topics: [web], codeowners: [{pattern: "*", owners: ["@ann"]}]}'),
      new RegExp(`repository\\.codeowners: ${foreign}`),
      new RegExp(`repository\\.protection: ${foreign}`),
      new RegExp(`repository\\.topics: ${foreign}`),
    );
  });

  it("the same in an additional repository, with its place", () => {
    const additional =
      "name: team-a\nrepositories:\n  web:\n    protection: {reviews: 1}\n  old: {existing: true, topics: [x]}\n";
    assertProblems(
      { files: { [base]: additional } },
      /team-a\.yaml:4: repositories\.web\.protection\.reviews: is demanded of pull requests/,
      /team-a\.yaml:5: repositories\.old\.topics: cannot be set/,
    );
  });

  it("approval by code owners of files other than their list: a pull request without them could change that first", () => {
    const owners = (...patterns: readonly string[]) => {
      const lines = patterns.map((pattern) => `{pattern: "${pattern}", owners: ["@ann"]}`);
      return inBase(`{protection: {pullRequest: true, codeOwners: true}, codeowners: [${lines.join(", ")}]}`);
    };
    for (const patterns of [["/deploy/"], ["/*.md", "docs/"], ["/github/"], [".github/workflows/"]]) {
      assertProblems(owners(...patterns), /repository\.codeowners: names no owner of \.github\/CODEOWNERS, so a pull/);
    }
    for (const patterns of [["*"], ["*", "/deploy/"], ["/deploy/", "/.github/"], [".github/CODEOWNERS"]]) {
      assert.deepEqual(problemLines(owners(...patterns)), []);
    }
  });

  it("topics that GitHub would refuse, twice the same, or too many", () => {
    assertProblems(
      inBase("topics: [Web, web_shop, -web, web, web]"),
      /topics\[0\]: "Web" is not a GitHub topic/,
      /topics\[1\]: "web_shop" is not a GitHub topic/,
      /topics\[2\]: "-web" is not a GitHub topic/,
      /topics\[4\]: ".*" is there already/,
    );
    const many = Array.from({ length: 20 }, (_, index) => `t${index}`).join(", ");
    assertProblems(inBase(`topics: [${many}]`), /repository\.topics: are more than 19: GitHub takes 20/);
  });

  it("checks without a name, or twice", () => {
    assertProblems(
      inBase('protection: {checks: ["", test, test]}'),
      /protection\.checks\[0\]: "" is empty/,
      /protection\.checks\[2\]: ".*" is there already/,
    );
  });

  it("lines of CODEOWNERS that GitHub would pass over without a word", () => {
    for (const pattern of ["!docs/", "#docs", "docs/[ab]", "my docs/", "a\\\\ b", ""]) {
      assertProblems(
        inBase(`codeowners: [{pattern: "${pattern}", owners: ["@ann"]}]`),
        /repository\.codeowners\[0\]\.pattern: ".*" is (not a pattern that GitHub takes|empty)/,
      );
    }
    for (const owner of ["ann", "@", "@acme/", "@acme/Shop Team", "@a/b/c", "@ann @bob"]) {
      assertProblems(
        inBase(`codeowners: [{pattern: "*", owners: ["${owner}"]}]`),
        /repository\.codeowners\[0\]\.owners\[0\]: ".*" is not an owner/,
      );
    }
    assertProblems(inBase('codeowners: [{pattern: "*", owners: []}]'), /codeowners\[0\]\.owners: names no owner/);
    assertProblems(
      inBase('codeowners: [{pattern: "*", owners: ["@a"]}, {pattern: "*", owners: ["@b"]}]'),
      /codeowners\[1\]\.pattern: ".*" is there already/,
    );
  });
});

describe("a repository", () => {
  it("starts with the scaffold kustomize by default and for the former true, and with none for false", () => {
    const scaffold = (declared: string) => load(inBase(declared)).tenants[0]?.repositories[0].scaffold;
    assert.equal(scaffold("topics: []"), "kustomize");
    assert.equal(scaffold("scaffold: true"), "kustomize");
    assert.equal(scaffold("scaffold: false"), false);
    for (const kind of ["helm", "kustomize", "minimal"]) assert.equal(scaffold(`scaffold: ${kind}`), kind);
  });

  it("keeps its history unless the file says otherwise, and demands nothing more", () => {
    assert.deepEqual(load().tenants[0]?.repositories[0].protection, {
      enabled: true,
      pullRequest: false,
      reviews: 0,
      codeOwners: false,
      checks: [],
    });
  });

  it("asks for one review when it asks for pull requests, unless the file says how many", () => {
    const reviews = (said: string) =>
      load(inBase(`protection: ${said}`)).tenants[0]?.repositories[0].protection.reviews;
    assert.equal(reviews("{pullRequest: true}"), 1);
    assert.equal(reviews("{pullRequest: true, reviews: 0}"), 0);
  });

  it("has topics and owners as the file has them, in its order, for the last line counts", () => {
    const repository = load(
      inBase(
        '{topics: [web], codeowners: [{pattern: "*", owners: ["@acme/web", "web@example.com"]}, {pattern: /1/, owners: ["@ann"]}]}',
      ),
    ).tenants[0]?.repositories[0];
    assert.deepEqual(repository?.topics, ["web"]);
    assert.deepEqual(
      repository?.codeowners.map(({ pattern }) => pattern),
      ["*", "/1/"],
    );
  });
});
