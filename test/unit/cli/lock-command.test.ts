import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { explain } from "../../../cli/explain.js";
import { main } from "../../../cli/fleet.js";
import { addLockCommand } from "../../../cli/lock-command.js";
import { parseLock } from "../../../components/flux/lock.js";
import { asYaml, fluxManifest, lockOf } from "../support/flux-manifest.js";
import { Outside, redirect, release, tagAddress, version } from "./lock-outside.js";

const source = "source-controller:v1.0.1";
const older = { ...lockOf(), source: "https://releases.example.com/v9.9.8/install.yaml" };

describe("fleet lock", () => {
  let root: string;
  let outside: Outside;
  let file: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-lock-"));
    file = join(root, "flux.lock.json");
    writeFileSync(file, JSON.stringify({ "v9.9.8": older }));
    outside = new Outside();
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** The command as `main` runs it, on a directory and an outside of the test's own. */
  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const said = { out: "", err: "" };
    const streams = {
      out: (text: string) => {
        said.out += text;
      },
      err: (text: string) => {
        said.err += text;
      },
    };
    const program = new Command("fleet").configureOutput({ writeOut: streams.out, writeErr: streams.err });
    addLockCommand(program.exitOverride(), streams, { root, transport: { fetch: outside.fetch, timeoutMs: 5000 } });
    try {
      await program.parseAsync(["lock", ...args], { from: "user" });
      return { code: 0, ...said };
    } catch (error) {
      if (error instanceof CommanderError) return { code: 2, ...said };
      return { code: 1, out: said.out, err: explain(error) };
    }
  }

  const locked = () => readFileSync(file, "utf8");

  /** Runs what must fail, and checks that it wrote nothing and left nothing behind. */
  async function refused(args: readonly string[], ...words: readonly (RegExp | string)[]): Promise<string> {
    const before = locked();
    const { code, err } = await run(...args);
    assert.equal(code, 1, err);
    for (const word of words)
      assert.ok(typeof word === "string" ? err.includes(word) : word.test(err), `${word}:\n${err}`);
    assert.equal(locked(), before);
    assert.deepEqual(readdirSync(root), ["flux.lock.json"]);
    assert.doesNotMatch(err, /^ +at /m, "no stack: this was written for the reader");
    return err;
  }

  describe("called wrongly", () => {
    for (const [args, message] of [
      [[], /missing argument 'version'/],
      [["--verify", "--manifest", "f"], /missing argument 'version'.*that of one version/],
      [["9.9.9"], /'9\.9\.9' is invalid.*v2\.9\.2/],
      [["v9.9.9/../../evil"], /is invalid/],
      [[version, "--verify", "--replace"], /'--replace' cannot be used with option '--verify'/],
    ] as const) {
      it(`says so, and asks nobody: lock ${args.join(" ")}`, async () => {
        const { code, err } = await run(...args);
        assert.equal(code, 2);
        assert.match(err, message);
        assert.deepEqual(outside.asked, []);
      });
    }
  });

  describe("writes nothing", () => {
    it("for a version that was never released", async () => {
      outside.manifest = undefined;
      await refused([version], release, /does not exist \(404\).*Check the version/);
    });

    it("when the lock cannot be read, and says so before the network is asked", async () => {
      writeFileSync(file, "{");
      await refused([version], /flux\.lock\.json.*is not JSON/);
      assert.deepEqual(outside.asked, []);
    });

    it("when the release leads to http", async () => {
      outside.instead.set(release, () => redirect("http://files.example.com/install.yaml?signature=abc"));
      const err = await refused([version], /it leads to http:\/\/files\.example\.com\/install\.yaml is not https/);
      assert.ok(!err.includes("abc"), "what opens a stored file is no one's business");
      assert.equal(outside.asked.length, 1);
    });

    it("when the registry leads to http", async () => {
      const address = tagAddress("helm-controller", "v1.0.3");
      outside.instead.set(address, () => redirect("http://registry.example.com/"));
      await refused([version], address, /http:\/\/registry\.example\.com\/ is not https/);
    });

    it("when the registry wants its token to be fetched over http", async () => {
      const challenge = { "www-authenticate": 'Bearer realm="http://auth.example.com/token"' };
      outside.instead.set(
        tagAddress("", "").slice(0, 30),
        () => new Response(null, { status: 401, headers: challenge }),
      );
      await refused([version], /wants a token from http:\/\/auth\.example\.com\/token, which is no https URL/);
      assert.ok(outside.asked.every(({ url }) => url.startsWith("https:")));
    });

    it("when the page is no manifest", async () => {
      outside.manifest = "<html><body>Sign in</body></html>";
      await refused([version], release, /document 1.*is not a Kubernetes object/);
    });

    it("when the manifest is not Flux, and names the controllers that it lacks", async () => {
      outside.manifest = asYaml(fluxManifest().filter(({ metadata }) => metadata.name !== "kustomize-controller"));
      await refused([version], /is not Flux: it has no Deployment kustomize-controller\./);
      outside.manifest = "";
      await refused([version], /no Deployment source-controller, kustomize-controller, helm-controller, notification/);
      assert.ok(
        outside.asked.every(({ url }) => !url.includes("registry")),
        "no image was looked up",
      );
    });

    it("when an object is there twice, or the manifest says that it is another version: both at once", async () => {
      const [first, ...others] = fluxManifest();
      const labelled = others.map((object) => ({
        ...object,
        metadata: { ...object.metadata, labels: { "app.kubernetes.io/version": "v9.9.8" } },
      }));
      const manifest = join(root, "install.yaml");
      writeFileSync(manifest, asYaml([...(first ? [first, first] : []), ...labelled]));
      const { code, err } = await run(version, "--manifest", manifest);
      assert.equal(code, 1);
      assert.match(err, /Namespace flux-system: is there more than once/);
      assert.match(err, /Deployment flux-system\/helm-controller: says that it is Flux v9\.9\.8 and not v9\.9\.9/);
    });

    it("when --manifest names no file", async () => {
      await refused([version, "--manifest", join(root, "none.yaml")], /none\.yaml: cannot be read: ENOENT.*--manifest/);
    });

    it("when images cannot be pinned, and names all of them with what the registry said", async () => {
      const given = { "content-type": "application/vnd.oci.image.index.v1+json" };
      outside.tags.delete(source);
      outside.tags.set("helm-controller:v1.0.3", given);
      outside.tags.set("kustomize-controller:v1.0.2", { ...given, "docker-content-digest": "sha256:short" });
      outside.tags.set("notification-controller:v1.0.4", {
        "content-type": "application/vnd.oci.image.manifest.v1+json",
        "docker-content-digest": `sha256:${"a".repeat(64)}`,
      });
      outside.instead.set(
        tagAddress("source-watcher", "v1.0.7"),
        () => new Response(null, { status: 429, statusText: "Too Many Requests" }),
      );
      const err = await refused(
        [version],
        /source-controller\/manifests\/v1\.0\.1: the registry has no image .* \(404\)/,
        /helm-controller\/manifests\/v1\.0\.3: the registry does not say a digest/,
        /kustomize-controller\/manifests\/v1\.0\.2: "sha256:short" is no digest/,
        /notification-controller\/manifests\/v1\.0\.4: is application\/vnd\.oci\.image\.manifest\.v1\+json and not an index/,
        /source-watcher\/manifests\/v1\.0\.7: the registry answered 429 Too Many Requests/,
      );
      assert.equal(err.split("\n").length, 5, "one line each, and none for the images that are fine");
    });

    it("when the registry gives no token, gives a broken one, or does not accept it; and never prints one", async () => {
      const tokens = "https://auth.registry.example.com/token";
      for (const [answer, message] of [
        [
          () => new Response(null, { status: 403, statusText: "Forbidden" }),
          /no token without an account: 403 Forbidden/,
        ],
        [() => Response.json({}), /answered 200 without a token/],
        [() => new Response("<html>"), /answered 200 without a token/],
        [() => Response.json({ token: "secret\nX-Other: 1" }), /answered 200 without a token/],
        [() => Response.json({ access_token: "secret" }), /the registry refuses: 401/],
      ] as const) {
        outside.instead.set(tokens, answer);
        assert.ok(!(await refused([version], message)).includes("secret"));
      }
      outside.instead.clear();
      const basic = { "www-authenticate": 'Basic realm="private"' };
      outside.instead.set("https://registry.", () => new Response(null, { status: 401, headers: basic }));
      await refused([version], /wants an account, and offers no token without one/);
    });

    it("when something of a locked version changed, and names each change with both values", async () => {
      assert.equal((await run(version)).code, 0);
      const [was, now] = [outside.digest(source), `sha256:${"f".repeat(64)}`];
      outside.tags.set(source, { ...outside.tags.get(source), "docker-content-digest": now });
      outside.manifest = outside.manifest?.replace("1000m", "2000m");
      const err = await refused(
        [version],
        `v9.9.9.controllers.source-controller.digest: is locked as ${was}, and is now ${now}`,
        /v9\.9\.9\.digest: is locked as sha256:\w{64}, and is now sha256:\w{64}\. Find out who.*--replace/,
      );
      assert.equal(err.split("\n").length, 2);
    });
  });

  it("pins the manifest and every image, keeps the other versions, and shows it all before it writes", async () => {
    const { code, out } = await run(version);
    assert.equal(code, 0);
    const lock = parseLock(locked());
    assert.deepEqual(Object.keys(lock), ["v9.9.8", version]);
    assert.deepEqual(lock["v9.9.8"], older);
    const { controllers } = lock[version] ?? {};
    const expected = lockOf();
    assert.deepEqual(lock[version], { ...expected, source: release, controllers });
    assert.deepEqual(Object.keys(controllers ?? {}), Object.keys(expected.controllers));
    for (const [name, { version: tag, digest }] of Object.entries(controllers ?? {})) {
      assert.equal(digest, outside.digest(`${name}:${tag}`));
      assert.match(out, new RegExp(`${name} +${tag} +registry\\.example\\.com/flux/${name}@${digest}`));
    }
    assert.match(out, new RegExp(`Flux ${version}: ${expected.objects} objects, ${expected.digest}\n`));
    assert.match(out, /\nWrote v9\.9\.9 to flux\.lock\.json\. .*\n$/);
    assert.deepEqual(readdirSync(root), ["flux.lock.json"]);
  });

  it("gives each token to the registry alone, and only for the repository that it is for", async () => {
    await run(version);
    for (const { url, authorization } of outside.asked) {
      if (authorization === null) continue;
      const [, repository] = /^https:\/\/registry\.example\.com\/v2\/(.+)\/manifests\//.exec(url) ?? [];
      assert.equal(authorization, `Bearer token-for-repository:${repository}:pull`);
    }
    assert.equal(outside.asked.filter(({ authorization }) => authorization !== null).length, 7);
  });

  it("takes no token along to where the registry leads", async () => {
    const elsewhere = "https://mirror.example.com/";
    outside.instead.set(elsewhere, () => new Response(null, { status: 404 }));
    const address = tagAddress("helm-controller", "v1.0.3");
    let first = true;
    outside.instead.set(address, () => {
      const challenge = 'Bearer realm="https://auth.registry.example.com/token",service="registry.example.com"';
      const answer = first
        ? new Response(null, { status: 401, headers: { "www-authenticate": challenge } })
        : redirect(elsewhere);
      first = false;
      return answer;
    });
    await refused([version], address, /\(404\)/);
    assert.deepEqual(
      outside.asked.filter(({ url }) => url === elsewhere).map(({ authorization }) => authorization),
      [null],
    );
  });

  it("reads the manifest from a file when told to, and still says where the release is", async () => {
    const manifest = join(root, "install.yaml");
    writeFileSync(manifest, outside.manifest ?? "");
    outside.manifest = undefined;
    assert.equal((await run(version, "--manifest", manifest)).code, 0);
    assert.equal(parseLock(locked())[version]?.source, release);
    assert.ok(outside.asked.every(({ url }) => !url.startsWith("https://github.com")));
  });

  it("does not touch the file when everything is as locked", async () => {
    await run(version);
    const odd = locked().replaceAll("\n", "\n\n");
    writeFileSync(file, odd);
    const { code, out } = await run(version);
    assert.equal(code, 0);
    assert.match(out, /Nothing to write/);
    assert.equal(locked(), odd);
  });

  it("replaces a changed digest when told to, and shows old and new", async () => {
    await run(version);
    const [was, now] = [outside.digest(source), `sha256:${"f".repeat(64)}`];
    outside.tags.set(source, { ...outside.tags.get(source), "docker-content-digest": now });
    const { code, out } = await run(version, "--replace");
    assert.equal(code, 0);
    assert.ok(out.includes(`controllers.source-controller.digest: ${was} → ${now}\n`), out);
    assert.equal(parseLock(locked())[version]?.controllers["source-controller"]?.digest, now);
  });

  describe("--verify", () => {
    beforeEach(async () => {
      writeFileSync(file, "{}");
      await run(version);
    });

    it("finds a moved tag, a vanished one and a changed manifest at once, each by name", async () => {
      const moved = `sha256:${"f".repeat(64)}`;
      outside.tags.set(source, { ...outside.tags.get(source), "docker-content-digest": moved });
      outside.tags.delete("helm-controller:v1.0.3");
      outside.manifest = outside.manifest?.replace("source-watcher:v1.0.7", "source-watcher:v1.0.8");
      const err = await refused(
        ["--verify"],
        new RegExp(`v9\\.9\\.9\\.controllers\\.source-controller\\.digest: is locked as .*, and is now ${moved}`),
        /helm-controller\/manifests\/v1\.0\.3: .*\(404\)/,
        /controllers\.source-watcher\.version: is locked as v1\.0\.7, and is now v1\.0\.8/,
        /v9\.9\.9\.digest: is locked as/,
      );
      assert.equal(err.split("\n").length, 4);
    });

    it("finds a controller that the lock lacks, and one that the release lacks", async () => {
      const rename = (text: string) => text.replaceAll("source-watcher", "source-waiter");
      outside.manifest = rename(outside.manifest ?? "");
      await refused(
        ["--verify", version],
        /controllers\.source-waiter: is locked as nothing, and is now registry\.example\.com\/flux\/source-waiter:v1\.0\.7/,
        /controllers\.source-watcher: is locked as registry\.example\.com\/flux\/source-watcher:v1\.0\.7, and is now nothing/,
      );
    });

    it("still checks the images when the release cannot be had", async () => {
      outside.manifest = undefined;
      const moved = `sha256:${"f".repeat(64)}`;
      outside.tags.set(source, { ...outside.tags.get(source), "docker-content-digest": moved });
      await refused(["--verify"], /does not exist \(404\)/, /source-controller\.digest: is locked as/);
    });

    it("does not take a version that is not locked, or a lock without any, for checked", async () => {
      await refused(["--verify", "v9.9.7"], /Flux v9\.9\.7 has no entry.*locked: v9\.9\.9/);
      writeFileSync(file, "{}");
      await refused(["--verify"], /has no entry, so there is nothing to check/);
    });

    it("checks every version, and says which are as locked though another is not", async () => {
      writeFileSync(file, JSON.stringify({ ...JSON.parse(locked()), "v9.9.10": older }));
      const { code, out, err } = await run("--verify");
      assert.equal(code, 1);
      assert.match(out, /^Flux v9\.9\.9 is as locked: \d+ objects, 7 images\.\n$/);
      assert.match(err, /^https:\/\/releases\.example\.com\/v9\.9\.8\/install\.yaml: does not exist/m);
      assert.match(err, /^flux\.lock\.json: v9\.9\.10\.controllers\./m);
    });

    it("is content when nothing changed, and writes nothing", async () => {
      const before = locked();
      const { code, out } = await run("--verify", version);
      assert.equal(code, 0);
      assert.match(out, /is as locked/);
      assert.equal(locked(), before);
    });
  });

  it("is a command of fleet, and explains itself", async () => {
    let out = "";
    const write = (text: string) => {
      out += text;
    };
    assert.equal(await main(["lock", "--help"], { out: write, err: write }), 0);
    for (const option of ["--manifest <file>", "--replace", "--verify"]) assert.ok(out.includes(option), out);
  });
});
