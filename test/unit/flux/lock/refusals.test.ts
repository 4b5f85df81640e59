import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { asYaml, fluxManifest } from "../../../support/unit/flux-manifest.js";
import { LockCheckout, source } from "../../../support/unit/lock-checkout.js";
import { redirect, release, tagAddress, version } from "../../../support/unit/lock-outside.js";

describe("fleet lock writes nothing", () => {
  let checkout: LockCheckout;

  beforeEach(() => {
    checkout = new LockCheckout();
  });
  afterEach(() => checkout.end());

  it("for a version that was never released", async () => {
    checkout.outside.manifest = undefined;
    await checkout.refused([version], release, /does not exist \(404\).*Check the version/);
  });

  it("when the lock cannot be read, and says so before the network is asked", async () => {
    writeFileSync(checkout.file, "{");
    await checkout.refused([version], /flux\.lock\.json.*is not JSON/);
    assert.deepEqual(checkout.outside.asked, []);
  });

  it("when the release leads to http", async () => {
    checkout.outside.instead.set(release, () => redirect("http://files.example.com/install.yaml?signature=abc"));
    const err = await checkout.refused(
      [version],
      /it leads to http:\/\/files\.example\.com\/install\.yaml is not https/,
    );
    assert.ok(!err.includes("abc"), "what opens a stored file is no one's business");
    assert.equal(checkout.outside.asked.length, 1);
  });

  it("when the registry leads to http", async () => {
    const address = tagAddress("helm-controller", "v1.0.3");
    checkout.outside.instead.set(address, () => redirect("http://registry.example.com/"));
    await checkout.refused([version], address, /http:\/\/registry\.example\.com\/ is not https/);
  });

  it("when the registry wants its token to be fetched over http", async () => {
    const challenge = { "www-authenticate": 'Bearer realm="http://auth.example.com/token"' };
    checkout.outside.instead.set(
      tagAddress("", "").slice(0, 30),
      () => new Response(null, { status: 401, headers: challenge }),
    );
    await checkout.refused([version], /wants a token from http:\/\/auth\.example\.com\/token, which is no https URL/);
    assert.ok(checkout.outside.asked.every(({ url }) => url.startsWith("https:")));
  });

  it("when the page is no manifest", async () => {
    checkout.outside.manifest = "<html><body>Sign in</body></html>";
    await checkout.refused([version], release, /document 1.*is not a Kubernetes object/);
  });

  it("when the manifest is not Flux, and names the controllers that it lacks", async () => {
    checkout.outside.manifest = asYaml(
      fluxManifest().filter(({ metadata }) => metadata.name !== "kustomize-controller"),
    );
    await checkout.refused([version], /is not Flux: it has no Deployment kustomize-controller\./);
    checkout.outside.manifest = "";
    await checkout.refused(
      [version],
      /no Deployment source-controller, kustomize-controller, helm-controller, notification/,
    );
    assert.ok(
      checkout.outside.asked.every(({ url }) => !url.includes("registry")),
      "no image was looked up",
    );
  });

  it("when an object is there twice, or the manifest says that it is another version: both at once", async () => {
    const [first, ...others] = fluxManifest();
    const labelled = others.map((object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { "app.kubernetes.io/version": "v9.9.8" } },
    }));
    const manifest = join(checkout.root, "install.yaml");
    writeFileSync(manifest, asYaml([...(first ? [first, first] : []), ...labelled]));
    const { code, err } = await checkout.run(version, "--manifest", manifest);
    assert.equal(code, 1);
    assert.match(err, /Namespace flux-system: is there more than once/);
    assert.match(err, /Deployment flux-system\/helm-controller: is labelled as Flux v9\.9\.8 and not v9\.9\.9/);
  });

  it("when --manifest names no file", async () => {
    await checkout.refused(
      [version, "--manifest", join(checkout.root, "none.yaml")],
      /none\.yaml: cannot be read: ENOENT.*--manifest/,
    );
  });

  it("when images cannot be pinned, and names all of them with what the registry said", async () => {
    const given = { "content-type": "application/vnd.oci.image.index.v1+json" };
    checkout.outside.tags.delete(source);
    checkout.outside.tags.set("helm-controller:v1.0.3", given);
    checkout.outside.tags.set("kustomize-controller:v1.0.2", { ...given, "docker-content-digest": "sha256:short" });
    checkout.outside.tags.set("notification-controller:v1.0.4", {
      "content-type": "application/vnd.oci.image.manifest.v1+json",
      "docker-content-digest": `sha256:${"a".repeat(64)}`,
    });
    checkout.outside.instead.set(
      tagAddress("source-watcher", "v1.0.7"),
      () => new Response(null, { status: 429, statusText: "Too Many Requests" }),
    );
    const err = await checkout.refused(
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
      checkout.outside.instead.set(tokens, answer);
      assert.ok(!(await checkout.refused([version], message)).includes("secret"));
    }
    checkout.outside.instead.clear();
    const basic = { "www-authenticate": 'Basic realm="private"' };
    checkout.outside.instead.set("https://registry.", () => new Response(null, { status: 401, headers: basic }));
    await checkout.refused([version], /wants an account, and offers no token without one/);
  });

  it("when something of a locked version changed, and names each change with both values", async () => {
    assert.equal((await checkout.run(version)).code, 0);
    const [was, now] = [checkout.outside.digest(source), `sha256:${"f".repeat(64)}`];
    checkout.outside.tags.set(source, { ...checkout.outside.tags.get(source), "docker-content-digest": now });
    checkout.outside.manifest = checkout.outside.manifest?.replace("1000m", "2000m");
    const err = await checkout.refused(
      [version],
      `v9.9.9.controllers.source-controller.digest: is locked as ${was}, and is now ${now}`,
      /v9\.9\.9\.digest: is locked as sha256:\w{64}, and is now sha256:\w{64}\. Find out who.*--replace/,
    );
    assert.equal(err.split("\n").length, 2);
  });
});
