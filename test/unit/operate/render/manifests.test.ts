import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments, parseDocument } from "yaml";
import { renderGitHub, renderManifests } from "../../../../operate/render/manifests.js";
import { MADE_UP_KEY, secretMark } from "../../../../review/planned-resource.js";
import { planned } from "../../../support/unit/plan.js";

const labels = { "app.kubernetes.io/managed-by": "fleet" };

function object(kind: string, name: string, fields: object = {}, namespace?: string) {
  const metadata = { name, labels, ...(namespace === undefined ? {} : { namespace }) };
  return planned(`kubernetes:core/v1:${kind}`, `team-a.${name}`, { apiVersion: "v1", kind, metadata, ...fields });
}

const documentsOf = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as unknown);

describe("the rendered objects of a stack", () => {
  it("have no value of a Secret, and no placeholder that an apply would write over it", () => {
    const text = renderManifests([object("Secret", "tenant-git", { type: "Opaque", data: secretMark("x") }, "a")]);
    assert.deepEqual(documentsOf(text), [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "tenant-git", namespace: "a", labels },
        type: "Opaque",
      },
    ]);
    assert.match(text, /\n# data: secret, so this page leaves it out\.\n$/);
  });

  it("keep the public values of a Secret", () => {
    const text = renderManifests([object("Secret", "keys", { data: { "a.pub": "cHVibGlj" } })]);
    assert.match(text, /\ndata:\n {2}a\.pub: cHVibGlj\n$/);
  });

  it("mark a secret value of another object", () => {
    const text = renderManifests([object("ConfigMap", "a", { data: { chat: secretMark("x") } })]);
    assert.match(text, /\n {2}chat: <secret>\n$/);
  });

  it("are the same data for readers of YAML 1.1, as kubectl is one", () => {
    const texts = [
      "on",
      "off",
      "yes",
      "No",
      "y",
      "N",
      "0b101",
      "010",
      "1_000",
      "12:30:45",
      "2026-12-24",
      "~",
      "0x1f",
      "1e3",
    ];
    const data = Object.fromEntries(
      texts.flatMap((text, index) => [
        [text, "key"],
        [`value-${index}`, text],
      ]),
    );
    const text = renderManifests([object("ConfigMap", "a", { data })]);
    for (const version of ["1.1", "1.2"] as const) {
      assert.deepEqual((parseDocument(text, { version }).toJS() as { data: object }).data, data);
    }
  });

  it("have no instruction for Pulumi's provider", () => {
    const annotations = { "pulumi.com/patchForce": "true", "fleet.dev/quota-reserve": "25" };
    const [all, one] = [annotations, { "pulumi.com/waitFor": "condition=Ready" }].map((given) =>
      renderManifests([object("ConfigMap", "a", { metadata: { name: "a", annotations: given } })]),
    );
    assert.match(all ?? "", /annotations:\n {4}fleet\.dev\/quota-reserve: "25"\n/);
    assert.doesNotMatch(all ?? "", /pulumi/);
    assert.doesNotMatch(one ?? "", /annotations/);
  });

  it("have no note about a key, which only an update makes", () => {
    const annotations = {
      "fleet.dev/git-key": "SHA256:made-up",
      "fleet.dev/git-key-since": "1970-01-01T00:00:00Z",
      a: "b",
    };
    const metadata = { name: "team-a", annotations };
    const [one] = documentsOf(renderManifests([object("GitRepository", "team-a", { metadata })]));
    assert.deepEqual((one as { metadata: unknown }).metadata, { name: "team-a", annotations: { a: "b" } });
  });

  it("come in an order that an empty cluster takes", () => {
    const kinds = ["Kustomization", "Secret", "RoleBinding", "ServiceAccount", "CustomResourceDefinition", "Namespace"];
    const text = renderManifests(kinds.map((kind) => object(kind, "a")));
    assert.deepEqual(
      documentsOf(text).map((one) => (one as { kind: string }).kind),
      kinds.toReversed(),
    );
  });

  it("leave out what is outside the cluster", () => {
    const key = { title: "fleet/staging (read-only)", key: MADE_UP_KEY };
    const registration = planned("github:index/repositoryDeployKey:RepositoryDeployKey", "key", key, "team-a");
    const pair = planned("tls:index/privateKey:PrivateKey", "pair", { algorithm: "ED25519" }, "team-a");
    const component = planned("fleet:tenant:Tenant", "team-a", {});
    const resources = [pair, registration, component, object("ConfigMap", "a")];
    assert.equal(documentsOf(renderManifests(resources)).length, 1);
    assert.deepEqual(documentsOf(renderGitHub(resources))[0], [
      {
        type: "github:index/repositoryDeployKey:RepositoryDeployKey",
        name: "key",
        tenant: "team-a",
        inputs: { title: "fleet/staging (read-only)", key: "<made by the first update>" },
      },
      { type: "tls:index/privateKey:PrivateKey", name: "pair", tenant: "team-a", inputs: { algorithm: "ED25519" } },
    ]);
  });

  it("have the same bytes, whatever the order of resources and keys", () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const field = fc.oneof(
      word,
      fc.integer(),
      fc.boolean(),
      fc.array(word, { maxLength: 3 }),
      fc.constant(secretMark()),
    );
    const kind = fc.constantFrom("ConfigMap", "Secret", "Namespace", "Service");
    const resource = fc.record({ kind, name: word, namespace: word, fields: fc.dictionary(word, field) });
    const unique = {
      selector: (one: { kind: string; name: string; namespace: string }) => Object.values(one).slice(0, 3).join(),
    };
    const resources = fc.uniqueArray(resource, { ...unique, maxLength: 8 });
    fc.assert(
      fc.property(resources, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const shuffled = <Item>(items: readonly Item[]) =>
          items
            .map((item) => [numbers.next().value as number, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const rendered = (order: <Item>(items: readonly Item[]) => readonly Item[]) =>
          renderManifests(
            order(given).map(({ kind, name, namespace, fields }) =>
              object(kind, name, { data: Object.fromEntries(order(Object.entries(fields))) }, namespace),
            ),
          );
        const text = rendered((items) => items);
        assert.equal(rendered(shuffled), text);
        assert.equal(documentsOf(text).length, given.length);
      }),
    );
  });
});
