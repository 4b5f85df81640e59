import assert from "node:assert/strict";
import { newSshKey } from "../../../support/signing-keys.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const ann = newSshKey();
const of = (platformRepository: object, more: object = {}) => ({ config: { platformRepository, ...more } });
const reason = "A repository for experiments";

describe("the platform's repository is refused", () => {
  it("with less protection than the default and no reason, each field by itself", () => {
    const less = { enabled: false, pullRequest: false, reviews: 0, codeOwners: false };
    assertProblems(
      of({ protection: less }),
      ...Object.keys(less)
        .sort()
        .map((field) => {
          return new RegExp(
            `^Pulumi\\.staging\\.yaml: fleet:platformRepository\\.protection\\.${field}: protects the repository less, .* as cluster-admin\\. Remove it, or give the reason in fleet:platformRepository\\.protection\\.reason\\.$`,
          );
        }),
    );
  });

  it("with a reason for nothing, or one that is none", () => {
    const path = "fleet:platformRepository\\.protection\\.reason";
    assertProblems(of({ protection: { reason } }), new RegExp(`${path}: gives a reason for less, and nothing is less`));
    for (const text of ["", " ", "two\nlines"]) {
      assertProblems(of({ protection: { reviews: 0, reason: text } }), new RegExp(`${path}: is (empty|not a reason)`));
    }
  });

  it("with demands that nothing enforces", () => {
    const off = { enabled: false, reason };
    assertProblems(of({ protection: { ...off, checks: ["test"] } }), /protection\.checks: is demanded of a branch/);
    const rules = { program: "acme/fleet" };
    assertProblems(
      of({ protection: off, rules }),
      /fleet:platformRepository\.rules: is demanded of a branch that is not/,
    );
    const owners = { platform: ["@acme/platform"] };
    for (const protection of [off, { codeOwners: false, reason }, { pullRequest: false, reason }]) {
      assertProblems(of({ protection, owners }), /owners\.platform: names owners whose approval nothing asks for/);
    }
  });

  it("with owners of a part alone, and with owners that GitHub does not know as such", () => {
    assertProblems(of({ owners: { security: ["@acme/sec"] } }), /owners\.security: names owners of a part, and/);
    assertProblems(of({ owners: { platform: ["acme"] } }), /owners\.platform\[0\]: is not an owner/);
  });

  it("with signatures of tags where the stack follows none", () => {
    for (const platformRevision of [{}, { branch: "main" }, { commit: "a".repeat(40) }]) {
      assertProblems(
        of({ verify: { mode: "Tag", keys: { ann } } }, { platformRevision }),
        /fleet:platformRepository\.verify\.mode: is Tag, and the stack follows no tag .* Name a tag in fleet:platformRevision\.tag/,
      );
    }
    assertProblems(of({ verify: { keys: { ann: "ssh-ed25519 AAAA" } } }), /verify\.keys\.ann: is cut off/);
  });

  it("by a tag that no signature binds, which a team or a stolen deploy key can move past all reviews", () => {
    assertProblems(
      of({}, { platformRevision: { tag: "v1" } }),
      /^Pulumi\.staging\.yaml: fleet:platformRevision\.tag: can be moved by every account that may push, and Flux applies it as cluster-admin\. Pin a commit, or .* fleet:platformRepository\.verify\.$/,
    );
    for (const mode of ["HEAD", "Tag"]) {
      const signed = of({ verify: { mode, keys: { ann } } }, { platformRevision: { tag: "v1" } });
      assert.equal(load(signed).platform.tag, "v1");
    }
  });

  it("with a program or a revision that would mean something else in a workflow", () => {
    for (const program of [
      "fleet",
      "acme/fleet/x",
      "acme/../x",
      "acme/fleet@main",
      'acme/fleet"',
      "./acme/fleet",
      "",
    ]) {
      assertProblems(
        of({ rules: { program } }),
        /fleet:platformRepository\.rules\.program: .*is (not a repository|empty)/,
      );
    }
    for (const revision of ["", "-x", "main\nname: x", '"', "\u0024{{github.head_ref}}", "a b", "#"]) {
      assertProblems(
        of({ rules: { program: "acme/fleet", revision } }),
        /fleet:platformRepository\.rules\.revision: .*is (not a branch, a tag or a commit|empty)/,
      );
    }
    assertProblems(of({ rules: { revision: "main" } }), /fleet:platformRepository\.rules\.program: is missing/);
  });

  it("with the setting of former versions, and names the new one", () => {
    assertProblems(of({ protected: false }), /fleet:platformRepository\.protected: there is no such field/);
  });
});

describe("the platform's repository", () => {
  it("is as strict as GitHub allows without names of teams and checks", () => {
    assert.deepEqual(load().platform.repository.protection, {
      enabled: true,
      pullRequest: true,
      reviews: 1,
      codeOwners: true,
      checks: [],
    });
  });

  it("may be protected less with a reason", () => {
    const { protection } = load(of({ protection: { pullRequest: false, reviews: 0, reason } })).platform.repository;
    assert.deepEqual([protection.pullRequest, protection.reviews, protection.reason], [false, 0, reason]);
  });

  it("may be judged by the program's rules, by default those on its branch main", () => {
    const rulesOf = (rules: object) => load(of({ rules })).platform.repository.rules;
    assert.deepEqual(rulesOf({ program: "acme/fleet" }), { program: "acme/fleet", revision: "main" });
    const commit = "a".repeat(40);
    assert.deepEqual(rulesOf({ program: "acme/fleet.x", revision: commit })?.revision, commit);
    assert.equal(load().platform.repository.rules, undefined);
  });

  it("may demand signatures, of a tag too", () => {
    const { platform } = load(of({ verify: { keys: { ann } } }));
    assert.deepEqual(platform.verify, { mode: "HEAD", keys: { ann } });
    assert.equal("verify" in platform.repository, false);
    const tagged = load(of({ verify: { mode: "TagAndHEAD", keys: { ann } } }, { platformRevision: { tag: "v1" } }));
    assert.deepEqual([tagged.platform.tag, tagged.platform.verify?.mode], ["v1", "TagAndHEAD"]);
  });
});
