import assert from "node:assert/strict";
import { clonesBySsh, hasGitToken } from "../../../../config/fleet-spec.js";
import { gitTokenValues } from "../../../../config/stack/git-tokens.js";
import { ENCRYPTED_PLACEHOLDER } from "../../../../config/stack/secrets.js";
import { straySettings } from "../../../../config/stack/stray-settings.js";
import { assertProblems, load, problemLines, withTree } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const token = "github_pat_11AAAAAAA0made_up";
const certificate = "-----BEGIN CERTIFICATE-----\nTUFERVVQ\n-----END CERTIFICATE-----\n";
const image = { image: "ghcr.io/acme/shop", range: "^1" };
const automation = JSON.stringify({
  imageAutomation: { author: { name: "Robot", email: "robot@example.com" }, path: "./deploy", images: { shop: image } },
});
const pushing = {
  [base]: JSON.stringify({ name: "team-a", repository: { protection: { pullRequest: true } } }),
  [overlay]: automation,
};

interface Setting {
  readonly gitTokens?: unknown;
  readonly [name: string]: unknown;
}

/** A stack with these settings. @param files of tenants @default - one tenant, team-a */
function stack({ gitTokens = {}, ...settings }: Setting, files: Readonly<Record<string, string>> = {}) {
  return { files, config: { ...settings, gitTokens: JSON.stringify(gitTokens) } };
}

const withImages = { extraComponents: JSON.stringify(["image-reflector-controller", "image-automation-controller"]) };

describe("tokens for clones by HTTPS are refused, naming the setting, for", () => {
  const classic = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const cases: readonly (readonly [what: string, ...Parameters<typeof stack>, problem: RegExp])[] = [
    [
      "a classic token",
      { gitTokens: { "team-a": { read: classic } } },
      {},
      /gitTokens\.team-a\.read: is no fine-grained/,
    ],
    [
      "the token of an App",
      { gitTokens: { platform: { read: "ghs_abc" } } },
      {},
      /gitTokens\.platform\.read: is no fine/,
    ],
    [
      "a line break at the end",
      { gitTokens: { "team-a": { read: `${token}\n` } } },
      {},
      /begins or ends with white space/,
    ],
    [
      "a line break within, with which the client's error would repeat the token",
      { gitTokens: { "team-a": { read: `${token}\n${token}` } } },
      {},
      /gitTokens\.team-a\.read: has characters that no token of GitHub has/,
    ],
    [
      "a letter that no header takes",
      { gitTokens: { "team-a": { read: `${token}\u2026` } } },
      {},
      /gitTokens\.team-a\.read: has characters that no token of GitHub has/,
    ],
    ["a number", { gitTokens: { "team-a": { read: 1 } } }, {}, /team-a\.read: must be a text/],
    ["no token that reads", { gitTokens: { "team-a": { write: token } } }, {}, /gitTokens\.team-a\.read: is missing/],
    ["another use", { gitTokens: { "team-a": { read: token, admin: token } } }, {}, /gitTokens\.team-a.*admin/],
    [
      "a tenant that there is not",
      { gitTokens: { "team-b": { read: token } } },
      {},
      /gitTokens\.team-b: there is no tenant team-b on this stack\. Did you mean team-a\?/,
    ],
    [
      "a right to push to the platform",
      { gitTokens: { platform: { read: token, write: token } } },
      {},
      /gitTokens\.platform\.write: may push to the platform's repository.*pulumi config rm --stack staging --path/,
    ],
    [
      "a right to push without image automation",
      { gitTokens: { "team-a": { read: token, write: token } } },
      {},
      /gitTokens\.team-a\.write: may push, and team-a has no imageAutomation/,
    ],
    [
      "image automation that could not push",
      { ...withImages, gitTokens: { "team-a": { read: token } } },
      pushing,
      /gitTokens\.team-a: has no write, .*pulumi config set --stack staging --path --secret fleet:gitTokens\.team-a\.write/,
    ],
    [
      "the platform, where a tenant has its name",
      { gitTokens: { platform: { read: token } } },
      {
        "stacks/base/tenants/platform.yaml": JSON.stringify({
          name: "platform",
          namespace: { name: "shop" },
          repository: { name: "shop" },
        }),
        "stacks/staging/tenants/platform.yaml": "",
      },
      /gitTokens\.platform: is for the platform's repository, and a tenant has that name/,
    ],
    [
      "a certificate that is none",
      { gitCertificates: "made up" },
      {},
      /gitCertificates: is not one or more certificates/,
    ],
    [
      "a private key beside a certificate",
      { gitCertificates: `${certificate}-----BEGIN PRIVATE KEY-----\nTUFERVVQ\n-----END PRIVATE KEY-----\n` },
      {},
      /gitCertificates: is not one or more certificates/,
    ],
  ];
  for (const [what, settings, files, problem] of cases) {
    it(what, () => {
      const changes = stack(settings, files);
      assertProblems(changes, problem);
      assert.ok([token, classic].every((secret) => !problemLines(changes).join().includes(secret)));
    });
  }
});

describe("tokens for clones by HTTPS", () => {
  it("leave their owners in the spec, and no value", () => {
    const spec = load(stack({ gitTokens: { "team-a": { read: token } }, gitCertificates: certificate.repeat(2) }));
    assert.deepEqual(spec.github.gitTokens, { "team-a": { write: false } });
    assert.equal(spec.github.gitCertificates, certificate.repeat(2));
    assert.ok(!JSON.stringify(spec).includes(token));
    assert.ok(hasGitToken(spec, "team-a") && !hasGitToken(spec, "platform") && clonesBySsh(spec));
    assert.equal(load(stack({ gitTokens: {} })).github.gitTokens, undefined);
  });

  it("may be two for a tenant whose image automation pushes", () => {
    const gitTokens = { platform: { read: token }, "team-a": { read: token, write: token } };
    const spec = load(stack({ ...withImages, gitTokens }, pushing));
    assert.deepEqual(spec.github.gitTokens, { platform: { write: false }, "team-a": { write: true } });
    assert.equal(clonesBySsh(spec), false);
  });

  it("open the port of a GitHub Enterprise Server to Flux, and none without tokens", () => {
    const environment = { GITHUB_BASE_URL: "https://github.example.com:8443/" };
    const { flux } = load({ ...stack({ gitTokens: { "team-a": { read: token } } }), environment });
    assert.equal(flux.httpsPort, 8443);
    assert.equal(load({ environment }).flux.httpsPort, undefined);
  });

  it("are checked by name alone while they are encrypted, and each must be", () => {
    const file = (read: string) =>
      `config:\n  fleet:gitTokens:\n    platform:\n      read: {secure: abc}\n    team-a:\n      read: ${read}\n`;
    const stray = (read: string) =>
      withTree({ "Pulumi.staging.yaml": file(read) }, (root) => straySettings(root, "staging"));
    assert.deepEqual(stray("{secure: def}"), []);
    const unread = { platform: { read: ENCRYPTED_PLACEHOLDER }, "team-a": { read: ENCRYPTED_PLACEHOLDER } };
    assert.ok(hasGitToken(load(stack({ gitTokens: unread })), "team-a"));
    assert.match(JSON.stringify(stray(token)), /fleet:gitTokens\.team-a\.read.*is not encrypted/);
  });

  it("are values by owner and use for the checks with GitHub", () => {
    assert.deepEqual(gitTokenValues(JSON.stringify({ "team-a": { read: token } })), { "team-a": { read: token } });
    for (const none of [undefined, ""]) assert.deepEqual(gitTokenValues(none), {});
  });
});
