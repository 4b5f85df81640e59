import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadManifest, parseManifest, verifyManifest } from "../../../../flux/release/manifest.js";
import { FleetError } from "../../../../lib/diagnostics/problem.js";
import { asYaml, fluxManifest, lockOf, releaseUrl } from "../../../support/unit/flux-manifest.js";
import { withSilentServer } from "../../../support/unit/silent-server.js";

const version = "v9.9.9";
const entry = lockOf();
const text = asYaml(fluxManifest());

describe("parseManifest", () => {
  it("names the document that is no YAML, no object, or has a key twice", () => {
    for (const [bad, message] of [
      ["a: [", /document 2.*not YAML/],
      ["kind: A\nkind: B", /document 2.*not YAML.*unique/],
      ["just a text", /document 2.*not a Kubernetes object/],
      ["apiVersion: v1\nkind: Secret", /document 2.*metadata/],
      ["apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {b: 1}}", /document 2.*metadata\.labels\.b/],
    ] as const) {
      assert.throws(
        () => parseManifest(`apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n${bad}\n`, "f"),
        message,
      );
    }
  });

  it("limits how often aliases repeat a node", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `  l${index + 1}: &l${index + 1} [*l${index}, *l${index}]`);
    const bomb = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  l0: &l0 [a]\n${lines.join("\n")}\n`;
    assert.throws(() => parseManifest(bomb, "f"), /Excessive alias count/);
    const twice = "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: a}\ncopy: *m\n";
    assert.deepEqual(parseManifest(twice, "f"), [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, copy: { name: "a" } },
    ]);
  });

  it("reads plain values as YAML 1.2 has them, not as dates or old booleans", () => {
    const values =
      "apiVersion: v1\nkind: A\nmetadata: {name: a}\nvalues: [2026-01-02, yes, 010, 0o10, 1_000, <<, ~, 1e3]\n";
    const [{ values: read } = {}] = parseManifest(values, "f") as { values?: unknown }[];
    assert.deepEqual(read, ["2026-01-02", "yes", 10, 8, "1_000", "<<", null, 1000]);
    assert.deepEqual(parseManifest(`${values}alias: &a [1]\nother: *a\n`, "f")[0]?.values, read);
  });

  it("takes separators at both ends for no documents", () => {
    assert.equal(
      parseManifest("---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n# end\n", "f").length,
      1,
    );
    assert.deepEqual(parseManifest("", "f"), []);
  });
});

describe("verifyManifest", () => {
  it("refuses a manifest with one byte changed, naming both digests, the source and what to do", () => {
    const changed = text.replace("--log-level=info", "--log-level=infO");
    assert.throws(
      () => verifyManifest(parseManifest(changed, releaseUrl), entry, { version, source: releaseUrl }),
      (error) => {
        assert.ok(error instanceof FleetError);
        assert.ok(error.message.includes(entry.digest), "the expected digest");
        assert.equal(new Set(error.message.match(/sha256:[0-9a-f]{64}/g)).size, 2, "the found digest");
        assert.ok(error.message.includes(releaseUrl));
        assert.match(error.message, /Nothing was applied.*npx fleet lock v9\.9\.9/);
        return true;
      },
    );
  });

  it("refuses a manifest in which an object was added twice, and names the object", () => {
    const objects = [...fluxManifest(), ...fluxManifest().slice(0, 1)];
    assert.throws(
      () => verifyManifest(objects, entry, { version, source: releaseUrl }),
      /found \d+ with.*more than once: Namespace flux-system/,
    );
  });

  it("refuses a manifest of which the lock counts another number of objects", () => {
    assert.throws(
      () => verifyManifest(fluxManifest(), { ...entry, objects: 3 }, { version, source: "f" }),
      /expected 3 objects/,
    );
  });
});

describe("loadManifest", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "fleet-manifests-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Puts a manifest where FLEET_MANIFESTS would have it. */
  function place(content: string): void {
    mkdirSync(join(directory, version));
    writeFileSync(join(directory, version, "install.yaml"), content);
  }

  /** A release server that answers `answers` in turn and notes what it was asked. */
  function server(...answers: Response[]) {
    const asked: string[] = [];
    const fetch = async (input: string | URL | Request): Promise<Response> => {
      asked.push(String(input));
      const answer = answers.shift();
      if (!answer) throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
      return answer;
    };
    return { asked, fetch };
  }

  it("verifies a file of the directory as well", async () => {
    place(text.replace("--log-level=info", "--log-level=debug"));
    await assert.rejects(
      loadManifest({ version, entry, directory }),
      /install\.yaml.*is not the manifest of Flux v9\.9\.9/,
    );
  });

  it("says which file it cannot read", async () => {
    mkdirSync(join(directory, version, "install.yaml"), { recursive: true });
    await assert.rejects(loadManifest({ version, entry, directory }), /install\.yaml.*cannot be read.*FLEET_MANIFESTS/);
  });

  it("verifies what the release URL answers", async () => {
    const { fetch } = server(new Response(text.replace("1000m", "2000m")));
    await assert.rejects(loadManifest({ version, entry, fetch }), /is not the manifest/);
  });

  it("says why the release could not be fetched, and what to do without a network", async () => {
    for (const [answers, message] of [
      [[], /install\.yaml.*cannot be fetched: fetch failed: connect ECONNREFUSED.*FLEET_MANIFESTS/],
      [[new Response("no", { status: 404, statusText: "Not Found" })], /releases\.example\.com answered 404 Not Found/],
      [[new Response(null, { status: 302, headers: { location: "http://releases.example.com/" } })], /is not https/],
      [[new Response("a".repeat(11 * 1024 * 1024))], /larger than 10 MiB/],
      [
        Array.from({ length: 7 }, () => new Response(null, { status: 302, headers: { location: releaseUrl } })),
        /more than 5 redirects/,
      ],
    ] as const) {
      await assert.rejects(loadManifest({ version, entry, fetch: server(...answers).fetch }), message);
    }
  });

  it("gives up on a server that never answers", () =>
    withSilentServer(async (fetch) => {
      await assert.rejects(loadManifest({ version, entry, fetch, timeoutMs: 20 }), /no complete answer within 0\.02 s/);
    }));

  it("asks no server when the directory has the version", async () => {
    place(text);
    const { asked, fetch } = server();
    const objects = await loadManifest({ version, entry, directory, fetch });
    assert.equal(objects.length, fluxManifest().length);
    assert.deepEqual(asked, []);
  });

  it("follows the release's redirect when the directory lacks the version", async () => {
    const { asked, fetch } = server(
      new Response(null, { status: 302, headers: { location: "https://files.example.com/install.yaml" } }),
      new Response(text),
    );
    await loadManifest({ version, entry, directory, fetch });
    assert.deepEqual(asked, [releaseUrl, "https://files.example.com/install.yaml"]);
  });
});
