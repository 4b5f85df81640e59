import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlatformFindingsArgs, platformFindings } from "../../../../cli/platform/platform-findings.js";
import { trustsLockOf } from "../../../../cli/platform/trusted-lock.js";
import { readLock } from "../../../../flux/release/lock.js";
import { fixtures } from "../../../support/fixtures.js";
import { root } from "../../../support/unit/fleet.js";
import { stackSpec } from "../../../support/unit/stack-config.js";

describe("a judgement of fleet/", () => {
  let empty = "";
  before(() => {
    empty = mkdtempSync(join(tmpdir(), "fleet-empty-"));
  });
  after(() => rmSync(empty, { recursive: true }));

  const judge = (args: Partial<PlatformFindingsArgs> = {}) =>
    platformFindings({
      root: fixtures,
      lockRoot: root,
      specs: [stackSpec(fixtures, "staging")],
      withoutFlux: true,
      waivers: [],
      today: "2027-01-01",
      environment: { PATH: empty },
      ...args,
    });
  const notes = async (args: Partial<PlatformFindingsArgs> = {}) =>
    (await judge(args)).notes.map((note) => note.map((part) => (typeof part === "string" ? part : part.code)).join(""));

  it("without kustomize says so, and how to get it", async () => {
    assert.deepEqual(await notes(), [
      "fleet/ is judged without a build, so patches and what kustomize refuses are not: install kubectl or kustomize 5 or newer on PATH, or run npx fleet sandbox build kubectl",
      "the form of Flux's objects in fleet/ is not judged (--without-flux)",
    ]);
  });

  it("without kustomize is an error where the environment demands it", async () => {
    const environment = { PATH: empty, FLEET_REQUIRE_KUSTOMIZE: "true" };
    await assert.rejects(
      judge({ environment }),
      /no kustomize on this machine, and FLEET_REQUIRE_KUSTOMIZE demands it/,
    );
    assert.equal((await notes({ environment: { ...environment, FLEET_REQUIRE_KUSTOMIZE: "false" } })).length, 2);
  });

  it("reads no manifest that the change alone vouches for, and says so", async () => {
    const [, note = ""] = await notes({ withoutFlux: false, trusts: () => false, manifests: "/nowhere" });
    assert.match(
      note,
      /^the form of Flux's objects in fleet\/ is not judged: the change brings its own lock entry of v/,
    );
  });

  it("has nothing to judge without fleet/", async () => {
    assert.deepEqual(await judge({ root: empty }), { findings: [], notes: [] });
  });
});

describe("the lock of a change", () => {
  const [version = "", entry] = Object.entries(readLock(root))[0] ?? [];
  const elsewhere = { ...(entry ?? assert.fail()), source: "https://example.com/install.yaml" };
  let base = "";
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "fleet-lock-"));
  });
  afterEach(() => rmSync(base, { recursive: true }));
  const trusts = (...known: readonly unknown[]) => {
    for (const one of known) writeFileSync(join(base, "flux.lock.json"), JSON.stringify({ [version]: one }));
    return trustsLockOf(base)(version, elsewhere);
  };

  it("is not trusted with a source that the base does not have, or with another digest", () => {
    assert.equal(trusts(), false);
    assert.equal(trusts(entry), false);
    assert.equal(trusts({ ...elsewhere, digest: `sha256:${"0".repeat(64)}` }), false);
    assert.equal(trusts("no entry"), false);
  });

  it("is not trusted with an address whose dots lead out of Flux's releases", () => {
    for (const up of ["../../../../", "%2e%2e/%2E%2E/.%2e/../"]) {
      const source = `https://github.com/fluxcd/flux2/releases/download/${up}evil/x/releases/download/v1/install.yaml`;
      assert.equal(trustsLockOf(base)(version, { ...elsewhere, source }), false, source);
    }
  });

  it("is trusted with an entry of the base, and with a release of Flux", () => {
    assert.equal(trusts(elsewhere), true);
    assert.equal(
      trustsLockOf(root)("v9.9.9", entry ?? assert.fail()),
      entry?.source.startsWith("https://github.com/fluxcd/"),
    );
  });
});
