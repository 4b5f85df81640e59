import assert from "node:assert/strict";
import { creationOrder, manifestsOf, removalOrder } from "../../bench/manifests.js";
import { phasesOf } from "../../bench/phases.js";
import { nameOf, type RecordedResource, readState } from "../../bench/state.js";

const marker = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function exported(inputs: Record<string, unknown>): string {
  return JSON.stringify({ deployment: { resources: [{ urn: "u::a::b", type: "t", inputs }] } });
}

function kubernetes(kind: string, type = `kubernetes:x/v1:${kind}`): RecordedResource {
  return { urn: "u", type, custom: true, inputs: { apiVersion: "v1", kind, metadata: { name: kind.toLowerCase() } } };
}

describe("a stack's state", () => {
  it("is refused when its secrets are still encrypted, without quoting them", () => {
    assert.throws(
      () => readState(exported({ key: { ...marker, ciphertext: "v1:abc" } })),
      (error: Error) => {
        assert.match(error.message, /--show-secrets/);
        assert.doesNotMatch(error.message, /abc/);
        return true;
      },
    );
  });

  it("is refused when it is something else", () => {
    assert.throws(() => readState('{"error": "no stack"}'));
  });

  it("gives secrets as they are, wherever they are", () => {
    const [found] = readState(exported({ list: [{ ...marker, plaintext: '{"identity":"k"}' }], plain: null }));
    assert.deepEqual(found?.inputs, { list: [{ identity: "k" }], plain: null });
  });

  it("of an empty stack has no resources", () => {
    assert.deepEqual(readState('{"deployment": {}}'), []);
  });

  it("names a resource by what follows the last ::", () => {
    assert.equal(nameOf({ urn: "urn:pulumi:staging::fleet::a$b::team-search" }), "team-search");
  });
});

describe("the objects of a state", () => {
  it("cannot be sent when one does not say what it is", () => {
    assert.throws(() => manifestsOf([{ ...kubernetes("Pod"), inputs: {} }]), /kubernetes:x\/v1:Pod/);
  });

  it("are created with definitions and namespaces before what needs them, and quotas after what they count", () => {
    const order = creationOrder(
      manifestsOf(["ResourceQuota", "Secret", "Namespace", "CustomResourceDefinition"].map((kind) => kubernetes(kind))),
    );
    assert.deepEqual(
      order.map((group) => group.map(({ object }) => object.kind)),
      [["CustomResourceDefinition"], ["Namespace"], ["Secret"], ["ResourceQuota"]],
    );
  });

  it("are removed with syncs before their sources and identities; what was only patched is not removed", () => {
    const kinds = ["Namespace", "ServiceAccount", "GitRepository", "Kustomization"];
    const resources = [
      ...kinds.map((kind) => kubernetes(kind)),
      kubernetes("ServiceAccount", "kubernetes:core/v1:ServiceAccountPatch"),
    ];
    const order = removalOrder(manifestsOf(resources)).map((group) => group.map(({ kind }) => kind));
    assert.deepEqual(order, [["Kustomization"], ["GitRepository"], ["ServiceAccount"], ["Namespace"]]);
  });

  it("are only Kubernetes' own", () => {
    assert.deepEqual(
      manifestsOf([{ urn: "u", type: "github:index/repository:Repository", custom: true, inputs: {} }]),
      [],
    );
  });
});

describe("where an update's time went", () => {
  const at = (seconds: number) => new Date(1_000_000 + seconds * 1000).toISOString();
  const made = (type: string, urn: string, seconds: number): RecordedResource => ({
    urn,
    type,
    custom: true,
    inputs: {},
    created: at(seconds),
  });

  it("adds up to the whole, also when a milestone never comes or comes out of order", () => {
    const deployment = made("kubernetes:apps/v1:Deployment", "urn::d", 12);
    const early = made("kubernetes:core/v1:Namespace", "urn::fleet:tenant:Tenant$Namespace::n", 9);
    const phases = phasesOf([deployment, early], 1_000_000, 1_020_000);
    assert.deepEqual(
      phases.map(({ seconds }) => seconds),
      [9, 3, 0, 0, 8],
    );
  });

  it("is all before the first resource when nothing was created", () => {
    const phases = phasesOf([], 1_000_000, 1_020_000);
    assert.equal(phases[0]?.seconds, 20);
    assert.equal(
      phases.reduce((sum, { seconds }) => sum + seconds, 0),
      20,
    );
  });
});
