import assert from "node:assert/strict";
import { newSshKey, pgpKey } from "../../../support/signing-keys.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const ann = newSshKey();

/** A checkout whose tenant has these fields in its base file. */
function tree(sections: object, overlaid: object = {}) {
  const files = { [base]: JSON.stringify({ name: "team-a", ...sections }), [overlay]: JSON.stringify(overlaid) };
  return { files };
}

const syncsOf = (sections: object, overlaid?: object) => load(tree(sections, overlaid)).tenants[0]?.syncs ?? [];

describe("signatures of a tenant's sync are refused", () => {
  it("with a key that is none, which would have Flux refuse every commit", () => {
    const keys = { ann: "ssh-ed25519 AAAA", bob: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n" };
    assertProblems(
      tree({ sync: { verify: { keys } } }),
      /^stacks\/base\/tenants\/team-a\.yaml:\d+: sync\.verify\.keys\.ann: "ssh-ed25519 AAAA" is cut off, or no key of the type that it names\. Write the content of a file like id_ed25519\.pub/,
      /sync\.verify\.keys\.bob: "-----BEGIN OPENSSH .* is a private key\. Take it out of use/,
    );
  });

  it("with a private key, of which the message shows no part", () => {
    for (const header of ["EC PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]) {
      const bob = `-----BEGIN ${header}-----\nMHcCAQEEIAsecret\n`;
      assertProblems(
        tree({ sync: { verify: { keys: { bob } } } }),
        /keys\.bob: "-----BEGIN (EC |OPENSSH |PGP )?PRIVATE KEY…" is a private key\. [^"]*$/,
      );
    }
  });

  it("without a key, in one file or another", () => {
    assertProblems(tree({ sync: { verify: { keys: {} } } }), /sync\.verify\.keys: names no key, so Flux would refuse/);
    assertProblems(tree({ sync: { verify: { mode: "HEAD" } } }), /sync\.verify\.keys: is missing/);
    assertProblems(tree({}, { sync: { verify: {} } }), /^stacks\/staging\/.*: sync\.verify\.keys: is missing/);
  });

  it("with an unknown mode, and with one of tags where the sync follows none", () => {
    assertProblems(
      tree({ sync: { verify: { mode: "head", keys: { ann } } } }),
      /sync\.verify\.mode: must be one of HEAD/,
    );
    for (const [mode, ref] of [
      ["Tag", {}],
      ["TagAndHEAD", { branch: "next" }],
      ["Tag", { commit: "a".repeat(40) }],
    ] as const) {
      assertProblems(
        tree({ sync: { ref, verify: { mode, keys: { ann } } } }),
        /sync\.verify\.mode: is Tag(AndHEAD)?, and the sync follows no tag whose signature Flux could verify/,
      );
    }
    const more = { path: "./more", verify: { mode: "Tag", keys: { ann } } };
    assertProblems(tree({ syncs: { more } }), /syncs\.more\.verify\.mode: is Tag, and the sync follows no tag/);
  });

  it("beside image updates of the default branch, which nothing signs", () => {
    const imageAutomation = {
      pushToDefaultBranch: true,
      branch: "main",
      images: { app: { image: "ghcr.io/acme/app", range: "~1.4" } },
    };
    const config = { extraComponents: ["image-reflector-controller", "image-automation-controller"] };
    const changes = tree({ sync: { verify: { keys: { ann } } } }, { imageAutomation });
    assertProblems(
      { ...changes, config },
      /imageAutomation\.pushToDefaultBranch: is true, and the sync of the default branch demands signatures/,
    );
  });
});

describe("signatures of a tenant's sync", () => {
  it("are none by default, and of the commit where the file names keys alone", () => {
    assert.equal(syncsOf({})[0]?.verify, undefined);
    const keys = { ann, bob: pgpKey };
    assert.deepEqual(syncsOf({ sync: { verify: { keys } } })[0]?.verify, { mode: "HEAD", keys });
  });

  it("may be of tags that the sync follows", () => {
    for (const ref of [{ tag: "v1.0.0" }, { semver: "~1.4" }]) {
      for (const mode of ["HEAD", "Tag", "TagAndHEAD"]) {
        assert.equal(syncsOf({ sync: { ref, verify: { mode, keys: { ann } } } })[0]?.verify?.mode, mode);
      }
    }
  });

  it("may be those of a stack's defaults, and null in an overlay takes them back", () => {
    const defaults = { "stacks/staging/defaults.yaml": JSON.stringify({ sync: { verify: { keys: { ann } } } }) };
    const of = (overlaid: object) => load({ files: { ...tree({}, overlaid).files, ...defaults } }).tenants[0]?.syncs[0];
    assert.deepEqual(of({})?.verify, { mode: "HEAD", keys: { ann } });
    assert.equal(of({ sync: { verify: null } })?.verify, undefined);
  });
});
