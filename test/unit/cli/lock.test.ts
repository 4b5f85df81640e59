import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseLock } from "../../../flux/release/lock.js";
import { lockOf } from "../../support/unit/flux-manifest.js";
import { LockCheckout, older, source } from "../../support/unit/lock-checkout.js";
import { redirect, release, tagAddress, version } from "../../support/unit/lock-outside.js";
import { runFleet } from "../../support/unit/run-fleet.js";

describe("fleet lock", () => {
  let checkout: LockCheckout;

  beforeEach(() => {
    checkout = new LockCheckout();
  });
  afterEach(() => checkout.end());

  describe("called wrongly", () => {
    for (const [args, message] of [
      [[], /missing argument 'version'/],
      [["--verify", "--manifest", "f"], /missing argument 'version'.*that of one version/],
      [["9.9.9"], /'9\.9\.9' is invalid.*v2\.9\.2/],
      [["v9.9.9/../../evil"], /is invalid/],
      [[version, "--verify", "--replace"], /'--replace' cannot be used with option '--verify'/],
    ] as const) {
      it(`says so, and sends no request: lock ${args.join(" ")}`, async () => {
        const { code, err } = await checkout.run(...args);
        assert.equal(code, 2);
        assert.match(err, message);
        assert.deepEqual(checkout.outside.asked, []);
      });
    }
  });

  it("pins the manifest and every image, keeps the other versions, and shows it all before it writes", async () => {
    const { code, out } = await checkout.run(version);
    assert.equal(code, 0);
    const lock = parseLock(checkout.locked());
    assert.deepEqual(Object.keys(lock), ["v9.9.8", version]);
    assert.deepEqual(lock["v9.9.8"], older);
    const { controllers } = lock[version] ?? {};
    const expected = lockOf();
    assert.deepEqual(lock[version], { ...expected, source: release, controllers });
    assert.deepEqual(Object.keys(controllers ?? {}), Object.keys(expected.controllers));
    for (const [name, { version: tag, digest }] of Object.entries(controllers ?? {})) {
      assert.equal(digest, checkout.outside.digest(`${name}:${tag}`));
      assert.match(out, new RegExp(`${name} +${tag} +registry\\.example\\.com/flux/${name}@${digest}`));
    }
    assert.match(out, new RegExp(`Flux ${version}: ${expected.objects} objects, ${expected.digest}\n`));
    assert.match(out, /\nWrote v9\.9\.9 to flux\.lock\.json\. .*\n$/);
    assert.deepEqual(readdirSync(checkout.root), ["flux.lock.json"]);
  });

  it("gives each token to the registry alone, and only for the repository that it is for", async () => {
    await checkout.run(version);
    for (const { url, authorization } of checkout.outside.asked) {
      if (authorization === null) continue;
      const [, repository] = /^https:\/\/registry\.example\.com\/v2\/(.+)\/manifests\//.exec(url) ?? [];
      assert.equal(authorization, `Bearer token-for-repository:${repository}:pull`);
    }
    assert.equal(checkout.outside.asked.filter(({ authorization }) => authorization !== null).length, 7);
  });

  it("takes no token along to where the registry leads", async () => {
    const elsewhere = "https://mirror.example.com/";
    checkout.outside.instead.set(elsewhere, () => new Response(null, { status: 404 }));
    const address = tagAddress("helm-controller", "v1.0.3");
    let first = true;
    checkout.outside.instead.set(address, () => {
      const challenge = 'Bearer realm="https://auth.registry.example.com/token",service="registry.example.com"';
      const answer = first
        ? new Response(null, { status: 401, headers: { "www-authenticate": challenge } })
        : redirect(elsewhere);
      first = false;
      return answer;
    });
    await checkout.refused([version], address, /\(404\)/);
    assert.deepEqual(
      checkout.outside.asked.filter(({ url }) => url === elsewhere).map(({ authorization }) => authorization),
      [null],
    );
  });

  it("reads the manifest from a file when told to, and still says where the release is", async () => {
    const manifest = join(checkout.root, "install.yaml");
    writeFileSync(manifest, checkout.outside.manifest ?? "");
    checkout.outside.manifest = undefined;
    assert.equal((await checkout.run(version, "--manifest", manifest)).code, 0);
    assert.equal(parseLock(checkout.locked())[version]?.source, release);
    assert.ok(checkout.outside.asked.every(({ url }) => !url.startsWith("https://github.com")));
  });

  it("does not touch the file when everything is as locked", async () => {
    await checkout.run(version);
    const odd = checkout.locked().replaceAll("\n", "\n\n");
    writeFileSync(checkout.file, odd);
    const { code, out } = await checkout.run(version);
    assert.equal(code, 0);
    assert.match(out, /Nothing to write/);
    assert.equal(checkout.locked(), odd);
  });

  it("replaces a changed digest when told to, and shows old and new", async () => {
    await checkout.run(version);
    const [was, now] = [checkout.outside.digest(source), `sha256:${"f".repeat(64)}`];
    checkout.outside.tags.set(source, { ...checkout.outside.tags.get(source), "docker-content-digest": now });
    const { code, out } = await checkout.run(version, "--replace");
    assert.equal(code, 0);
    assert.ok(out.includes(`controllers.source-controller.digest: ${was} → ${now}\n`), out);
    assert.equal(parseLock(checkout.locked())[version]?.controllers["source-controller"]?.digest, now);
  });

  it("is a command of fleet, and explains itself", async () => {
    const { code, out } = await runFleet(checkout.root, "lock", "--help");
    assert.equal(code, 0);
    for (const option of ["--manifest <file>", "--replace", "--verify"]) assert.ok(out.includes(option), out);
  });
});
