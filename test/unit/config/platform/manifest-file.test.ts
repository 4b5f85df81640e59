import assert from "node:assert/strict";
import { readManifests } from "../../../../config/platform/manifest-file.js";

describe("a file of manifests", () => {
  /** The messages of a text in each form. */
  const forms = [{}, { lists: true }, { plain: true }, { lists: true, plain: true }];
  const faults = (file: string, text: string, order = forms) =>
    new Map(order.map((form) => [form, readManifests(file, text, form).problems.map(({ message }) => message)]));

  it("is judged by the form in which it is read, whichever form was first", () => {
    const tag = (name: string) => `kind: ConfigMap\nname: ${name}\ndata: {a: !t x}\n`;
    const list = (name: string) => `- op: add\n  path: /${name}\n`;
    for (const [name, order] of [
      ["forwards", forms],
      ["backwards", forms.toReversed()],
    ] as const) {
      const hidden = /^has the tag !t,/;
      const tags = faults("a.yaml", tag(name), order);
      for (const form of forms) {
        const found = tags.get(form) ?? [];
        assert.equal(found.length, "plain" in form ? 1 : 0, JSON.stringify([name, form]));
        for (const message of found) assert.match(message, hidden);
      }
      const lists = faults("a.yaml", list(name), order);
      for (const form of forms) {
        assert.equal(lists.get(form)?.length, "lists" in form ? 0 : 1, JSON.stringify([name, form]));
      }
    }
  });

  it("is read once, and keeps its own name among files of the same text", () => {
    const text = "kind: A\n---\n[]\n";
    const [first, second, other] = ["a.yaml", "a.yaml", "b.yaml"].map((file) => readManifests(file, text));
    assert.equal(second, first);
    assert.equal(first?.problems[0]?.file, "a.yaml");
    assert.equal(other?.problems[0]?.file, "b.yaml");
    const [manifest] = readManifests("c.yaml", "kind: A\nspec: {list: [1]}\n").manifests;
    assert.ok(Object.isFrozen(manifest?.data.spec));
    assert.notEqual(readManifests("c.yaml", "kind: B\n"), readManifests("c.yaml", "kind: C\n"));
  });

  for (const value of ["!!binary aGk=", "!!set {a, b}", "!!omap [a: 1]", "!!timestamp 2027-01-01", "!!float 1", "1"]) {
    it(`may have the value ${value}`, () => {
      for (const directive of ["", "%YAML 1.1\n---\n"]) {
        const { manifests, problems } = readManifests(
          "a.yaml",
          `${directive}kind: ConfigMap\nbinaryData: {a: ${value}}\n`,
        );
        // A directive is refused, and nothing is thrown.
        assert.equal(manifests.length + problems.length, 1);
      }
    });
  }

  it("may have aliases that lead to itself", () => {
    const { manifests, problems } = readManifests("a.yaml", "kind: A\nspec: &a {inner: *a}\n");
    assert.equal(manifests.length + problems.length, 1);
  });
});
