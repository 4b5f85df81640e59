import assert from "node:assert/strict";
import { withDigests } from "../../../lib/kubernetes/secret-content.js";
import { findDrift } from "../../../preflight/drift.js";
import { describeUnread } from "../../../preflight/drift-words.js";
import { clusterState, clusterWith, onCluster, someTime, type TestObject } from "../../support/unit/cluster.js";

const ours = { "app.kubernetes.io/managed-by": "fleet" };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const VALUE = "hunter2-of-the-test";
const secret = (data: Readonly<Record<string, string>>, labels: Record<string, string> = ours): TestObject => ({
  type: "core/v1:Secret",
  name: "tenant-git",
  namespace: "team-a",
  labels,
  data,
});
const kubectl = { manager: "kubectl-edit", fieldsV1: { "f:data": { "f:identity": {} } } };
/** A Secret as the checks have it from the cluster. */
const fetched = (object: TestObject, ...owners: readonly (typeof kubectl)[]) => {
  const [identity, live] = onCluster(object, ...owners);
  return [identity, withDigests(live)] as const;
};
const drift = (state: TestObject, ...live: readonly ReturnType<typeof onCluster>[]) => {
  const kinds = new Set(["Secret.core", "CustomResourceDefinition.apiextensions.k8s.io"]);
  return findDrift(clusterState(state), { ...clusterWith(...live), kinds }, new Set());
};
const stated = secret({ identity: base64("key"), known_hosts: base64("hosts") });

describe("findDrift, of Secrets", () => {
  it("says that the content differs, with the client, and takes it back; no value is in it", () => {
    const changed = secret({ identity: base64(VALUE), known_hosts: base64(VALUE) });
    const found = drift(stated, fetched(changed, kubectl));
    assert.deepEqual(found.sentences, [
      `The Secret tenant-git in the namespace team-a was changed by kubectl-edit at ${someTime}: its content differs. This update takes it back.`,
    ]);
    assert.deepEqual([...found.notes.values()], [`1: kubectl-edit ${someTime}, unknown`]);
    const all = JSON.stringify([found.sentences, found.problems, [...found.notes]]);
    for (const text of [VALUE, base64(VALUE), base64("key")]) assert.ok(!all.includes(text), all);
  });

  it("finds an entry that is gone, and a deleted Secret", () => {
    const { sentences } = drift(stated, fetched(secret({ known_hosts: base64("hosts") })));
    assert.match(String(sentences), /its content differs\. This update takes it back\.$/);
    assert.match(
      String(drift(stated).sentences),
      /^The Secret tenant-git .* was deleted from the cluster\. This update/,
    );
  });

  it("is none for the same content", () => {
    assert.deepEqual(drift(stated, fetched(stated, kubectl)).sentences, []);
  });

  it("prints the command that removes an entry of another client, which the program's Secrets do not have", () => {
    const more = secret({ identity: base64("key"), known_hosts: base64("hosts"), password: base64(VALUE) });
    const owner = { manager: "kubectl-edit", fieldsV1: { "f:data": { "f:identity": {}, "f:password": {} } } };
    const { sentences, problems } = drift(stated, fetched(more, owner));
    assert.match(
      String(sentences),
      /has fields that kubectl-edit at \S+ added: data\.password\. .* patch secrets tenant-git .*"path":"\/data\/password"/,
    );
    assert.ok(!String(sentences).includes(base64(VALUE)));
    assert.deepEqual(problems, []);
  });

  it("leaves the token that Kubernetes writes into the Secret of an account", () => {
    const token: TestObject = { type: "core/v1:Secret", name: "ci-robot-token", namespace: "team-a", labels: ours };
    const written = { ...token, data: { token: base64(VALUE) } };
    const owner = { manager: "kube-controller-manager", fieldsV1: { "f:data": { "f:identity": {} } } };
    assert.deepEqual(drift(token, fetched(written, owner)).sentences, []);
  });

  it("names only the label of a Secret that lost it: its content was not fetched", () => {
    const { data: _, ...unread } = secret({}, {});
    const { sentences } = drift(stated, onCluster(unread));
    assert.match(
      String(sentences),
      /metadata\.labels\["app\.kubernetes\.io\/managed-by"\] is gone\. This update takes/,
    );
    assert.doesNotMatch(String(sentences), /content/);
  });

  it("is not looked for where the account may not read Secrets, and the preview says so", () => {
    const cluster = { ...clusterWith(), kinds: new Set(["Namespace.core"]) };
    assert.deepEqual(findDrift(clusterState(stated), cluster, new Set()).sentences, []);
    assert.deepEqual(describeUnread(new Set(["secrets"])), [
      "The account of KUBECONFIG may not read secrets, so the preview names neither changes nor taken names there. An update needs an account that may.",
    ]);
    assert.deepEqual(describeUnread(new Set()), []);
  });
});

describe("findDrift, of definitions", () => {
  const name = "gitrepositories.source.toolkit.fluxcd.io";
  const definition = (generation: number, labels = ours): ReturnType<typeof clusterState> => {
    const object = { type: "apiextensions.k8s.io/v1:CustomResourceDefinition", name, labels, spec: { group: "many" } };
    return Object.fromEntries(
      Object.entries(clusterState(object)).map(([urn, { type, outputs }]) => {
        const metadata = { ...(outputs.metadata as object), uid: "one", generation };
        return [urn, { type, outputs: { ...outputs, metadata } }];
      }),
    );
  };
  const live = (metadata: object, ...owners: readonly (typeof kubectl)[]) => {
    const object = { type: "apiextensions.k8s.io/v1:CustomResourceDefinition", name, labels: ours };
    const [identity, found] = onCluster(object, ...owners);
    return [identity, { ...found, metadata: { ...found.metadata, uid: "one", generation: 1, ...metadata } }] as const;
  };
  const found = (object: ReturnType<typeof live>, state = definition(1)) => {
    const kinds = new Set(["CustomResourceDefinition.apiextensions.k8s.io"]);
    return findDrift(state, { ...clusterWith(object), kinds }, new Set());
  };

  it("names who changed the specification, by its number, and takes it back", () => {
    const owner = {
      manager: "kubectl-edit",
      fieldsV1: { "f:spec": { "f:versions": {} } },
    } as unknown as typeof kubectl;
    const { sentences, notes, problems } = found(live({ generation: 2 }, owner));
    assert.deepEqual(sentences, [
      `The CustomResourceDefinition ${name} was changed by kubectl-edit at ${someTime}: its specification differs. This update takes it back.`,
    ]);
    assert.deepEqual([[...notes.values()], problems], [[`1: kubectl-edit ${someTime}`], []]);
  });

  it("names a definition that was deleted and made again, and a label that is gone", () => {
    assert.match(String(found(live({ uid: "other" })).sentences), /by an unknown client: its specification differs/);
    assert.match(String(found(live({ labels: {} })).sentences), /metadata\.labels\[.*\] is gone/);
  });

  it("is none for the same number, and for a state that has none", () => {
    assert.deepEqual(found(live({})).sentences, []);
    const { sentences } = found(live({}), definition(undefined as unknown as number));
    assert.deepEqual(sentences, []);
  });

  it("announces no deleted definition as created again: all objects of its kind are gone", () => {
    const kinds = new Set(["CustomResourceDefinition.apiextensions.k8s.io"]);
    const { sentences, deleted } = findDrift(definition(1), { ...clusterWith(), kinds }, new Set());
    assert.deepEqual([sentences, deleted.size], [[], 0]);
  });
});

describe("withDigests", () => {
  it("has equal digests for equal values, and no value", () => {
    const one = withDigests({ kind: "Secret", data: { a: VALUE, b: VALUE, c: "" } });
    assert.equal(one.data.a, one.data.b);
    assert.notEqual(one.data.a, one.data.c);
    assert.equal(one.kind, "Secret");
    assert.ok(!JSON.stringify(one).includes(VALUE));
    assert.deepEqual(withDigests({ type: "Opaque" }), { type: "Opaque" });
  });
});
