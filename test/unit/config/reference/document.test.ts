import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { REFERENCE_DOCUMENT } from "../../../../config/reference/field-tables.js";
import { isPlainObject, mergeOverlay, type PlainObject } from "../../../../lib/data/merge.js";
import { load, problemLines } from "../../../support/unit/checkout-tree.js";

const root = join(import.meta.dirname, "../../../..");
const text = readFileSync(join(root, REFERENCE_DOCUMENT), "utf8");

/** An example of the document: what its first line says it is a part of, and what it says. */
interface Example {
  readonly file: string;
  readonly data: PlainObject;
}

/** Manifests that a tenant writes are the API server's to judge. */
const isManifest = (data: PlainObject): boolean => Object.hasOwn(data, "kind") || Object.hasOwn(data, "containers");

const examples: readonly Example[] = [...text.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, block = ""]) => {
  const data: unknown = parse(block);
  assert.ok(isPlainObject(data), block);
  if (isManifest(data)) return [];
  const named = /^\s*# ([\w/.-]+\.yaml)\b/.exec(block)?.[1];
  const file = Object.hasOwn(data, "config") ? "Pulumi.staging.yaml" : "stacks/base/tenants/team-payments.yaml";
  return [{ file: named ?? file, data }];
});

/** All examples of one file, as its author would write them below each other. */
function together(file: string): PlainObject {
  const parts = examples.filter((example) => example.file === file).map(({ data }) => data);
  return parts.reduce(mergeOverlay, {});
}

const tenants = "stacks/base/tenants";
const overlays = "stacks/staging/tenants";

/** A checkout with everything that the document shows, and what it says is needed for that. */
function checkout(changes: PlainObject = {}) {
  const { config = {} } = together("Pulumi.staging.yaml");
  assert.ok(isPlainObject(config));
  const settings = Object.entries(config).map(([key, value]) => [key.replace(/^fleet:/, ""), value] as const);
  return {
    files: {
      [`${tenants}/team-payments.yaml`]: stringify(mergeOverlay(together(`${tenants}/team-payments.yaml`), changes)),
      [`${overlays}/team-payments.yaml`]: stringify(together(`${overlays}/team-payments.yaml`)),
      [`${tenants}/team-search.yaml`]: stringify(together(`${tenants}/team-search.yaml`)),
      [`${overlays}/team-search.yaml`]: "{}\n",
    },
    config: {
      ...Object.fromEntries(settings),
      extraComponents: ["image-reflector-controller", "image-automation-controller"],
      allowedRoles: ["flagger-viewer"],
      offers: ["flagger"],
      secrets: {
        "team-payments": { slack: "https://hooks.example.com/1", "commit-status": "a token", pager: "a key" },
      },
    },
  };
}

describe(`the examples of ${REFERENCE_DOCUMENT}`, () => {
  it("are, all together, tenants in which nothing is wrong", () => {
    assert.deepEqual(problemLines(checkout()), []);
    const [payments] = load(checkout()).tenants.filter(({ name }) => name === "team-payments");
    assert.ok(payments?.imageAutomation);
    assert.equal(payments.namespaces[0].limits.memory, "64Gi");
  });

  it("would not be accepted if something were wrong with them", () => {
    assert.match(problemLines(checkout({ webhok: true })).join("\n"), /webhok: there is no such field/);
  });

  it("show every section that a tenant's file can have", () => {
    const schema: unknown = JSON.parse(readFileSync(join(root, "stacks/tenant.schema.json"), "utf8"));
    assert.ok(isPlainObject(schema) && isPlainObject(schema.properties));
    const shown = new Set(examples.flatMap(({ data }) => Object.keys(data)));
    assert.deepEqual(
      Object.keys(schema.properties).filter((section) => !shown.has(section)),
      [],
    );
  });
});
