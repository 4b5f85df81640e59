import assert from "node:assert/strict";
import { keyDatesIn, keySince } from "../../../../lib/state/key-dates.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";
import { stateOf } from "../../../support/unit/state-of.js";

const source = "team-a/team-a";
const now = Date.parse("2026-11-27T09:30:00.123Z");
const made = "2026-01-02T03:04:05Z";

/** The state with the key pair of a fingerprint, and with a GitRepository. */
function stateWith(pair: string, metadata: object) {
  const outputs = { metadata: { namespace: "team-a", name: "team-a", ...metadata } };
  return {
    pair: { type: "tls:index/privateKey:PrivateKey", outputs: { publicKeyFingerprintSha256: pair } },
    source: { type: "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", outputs },
  };
}

const noted = { annotations: { "fleet.dev/git-key": "SHA256:one", "fleet.dev/git-key-since": made } };

describe("keySince", () => {
  const since = (state: Parameters<typeof keyDatesIn>[0], key: string) => keySince(keyDatesIn(state, now), source, key);

  it("is the time of the update for a key that the state does not have: a first one, and one of a rotation", () => {
    assert.equal(since({}, "SHA256:one"), "2026-11-27T09:30:00Z");
    assert.equal(since(stateWith("SHA256:one", noted), "SHA256:two"), "2026-11-27T09:30:00Z");
  });

  it("is the time of the next update after a rotation that was killed before the GitRepository had a note", () => {
    assert.equal(since(stateWith("SHA256:two", noted), "SHA256:two"), "2026-11-27T09:30:00Z");
  });

  it("stays as it was noted while the key stays, so that an update has no change", () => {
    assert.equal(since(stateWith("SHA256:one", noted), "SHA256:one"), made);
  });

  it("is that of the GitRepository for a key of before the notes, and not for one that replaces it", () => {
    const former = stateWith("SHA256:one", { creationTimestamp: made });
    assert.equal(since(former, "SHA256:one"), made);
    assert.equal(since(former, "SHA256:two"), "2026-11-27T09:30:00Z");
  });
});

describe("the GitRepositories of a fleet", () => {
  const image = { image: "ghcr.io/acme/shop", range: "^1.0.0" };
  const spec = fleetSpec({ tenants: [tenantSpec("team-a", { imageAutomation: { images: { web: image } } })] });
  const kind = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
  type Inputs = { metadata: { name: string; annotations: Readonly<Record<string, string>> } };

  it("name their key and its date: the platform's, a tenant's, and that of image automation", async () => {
    const fleet = await recordFleet(spec, { now });
    const sources = fleet.ofType(kind).map(({ inputs }) => (inputs as Inputs).metadata);
    assert.equal(sources.length, 3);
    for (const { name, annotations } of sources) {
      assert.equal(annotations["fleet.dev/git-key"], "SHA256:made-up", name);
      assert.equal(annotations["fleet.dev/git-key-since"], "2026-11-27T09:30:00Z", name);
    }
    const dates = keyDatesIn(stateOf(fleet.registrations), now + 1e9);
    assert.deepEqual([...dates.sources.keys()].sort(), [
      "flux-system/platform",
      "team-a/team-a",
      "team-a/team-a-image-updates",
    ]);
  });

  it("name no key where Flux clones with a token", async () => {
    const gitTokens = { platform: { write: false }, "team-a": { write: true } };
    const values = { platform: { read: "p" }, "team-a": { read: "r", write: "w" } };
    const byToken = fleetSpec({ github: { ...spec.github, gitTokens }, tenants: spec.tenants });
    const fleet = await recordFleet(byToken, { now, gitTokens: values });
    const sources = fleet.ofType(kind);
    assert.equal(sources.length, 3);
    assert.doesNotMatch(JSON.stringify(sources), /fleet\.dev\/git-key/);
  });
});
