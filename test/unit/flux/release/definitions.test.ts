import assert from "node:assert/strict";
import { type DefinedKind, definedKinds, definitionChanges } from "../../../../flux/release/definitions.js";
import { fluxManifest, releaseWith } from "../../../support/unit/flux-manifest.js";

const kind = (name: string, storage: string, ...others: readonly string[]): DefinedKind => ({
  name,
  group: "g",
  kind: "K",
  versions: [storage, ...others],
  served: [storage, ...others],
  storage,
});

describe("definedKinds", () => {
  it("have the versions that the API server reads, those that it serves, and the one that it writes", () => {
    const name = "CustomResourceDefinition alerts.notification.toolkit.fluxcd.io";
    const versions = [
      { name: "v1beta2", served: false },
      { name: "v1beta3", served: true },
      { name: "v1", served: true, storage: true },
    ];
    const found = definedKinds(releaseWith(name, "spec.versions", () => versions)).find(
      ({ kind }) => kind === "alerts",
    );
    assert.deepEqual(found, {
      name: "alerts.notification.toolkit.fluxcd.io",
      group: "notification.toolkit.fluxcd.io",
      kind: "alerts",
      versions: ["v1beta2", "v1beta3", "v1"],
      served: ["v1beta3", "v1"],
      storage: "v1",
    });
  });

  it("refuse a definition that cannot be read, by its name", () => {
    const name = "CustomResourceDefinition alerts.notification.toolkit.fluxcd.io";
    assert.throws(() => definedKinds(releaseWith(name, "spec.versions", () => "none")), /alerts\..*: spec\.versions/);
  });

  it("are those of every definition of a release", () => {
    const definitions = fluxManifest().filter(({ kind }) => kind === "CustomResourceDefinition");
    assert.equal(definedKinds(fluxManifest()).length, definitions.length);
  });
});

describe("definitionChanges", () => {
  const changes = (before: readonly DefinedKind[], after: readonly DefinedKind[]) => definitionChanges(before, after);

  it("are none between the same kinds, and with one that is new", () => {
    const none = { removed: [], dropped: [], unreadable: [] };
    assert.deepEqual(changes([kind("a", "v1")], [kind("a", "v1"), kind("b", "v1")]), none);
  });

  it("name kinds that are gone", () => {
    assert.deepEqual(changes([kind("a", "v1")], []), { removed: ["a"], dropped: [], unreadable: [] });
  });

  it("tell a dropped version from one in which every object is written", () => {
    const before = [kind("old", "v1", "v1beta1"), kind("new", "v2", "v1")];
    assert.deepEqual(changes(before, [kind("old", "v1"), kind("new", "v1")]), {
      removed: [],
      dropped: [
        { name: "old", versions: ["v1beta1"] },
        { name: "new", versions: ["v2"] },
      ],
      unreadable: [{ name: "new", version: "v2" }],
    });
  });
});
