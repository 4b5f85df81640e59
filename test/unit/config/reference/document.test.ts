import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { REFERENCE_DOCUMENT } from "../../../../config/reference/field-tables.js";
import { isEncrypted } from "../../../../config/stack/stack-file.js";
import { isPlainObject, mergeOverlay, type PlainObject } from "../../../../lib/data/merge.js";
import { load, problemLines } from "../../../support/unit/checkout-tree.js";

const root = join(import.meta.dirname, "../../../..");

/** Folder with one page for each topic of {@link REFERENCE_DOCUMENT}. */
const topics = "docs/tenants";

/** The reference and the pages of its topics. */
const text = [
  REFERENCE_DOCUMENT,
  ...readdirSync(join(root, topics))
    .sort()
    .map((page) => join(topics, page)),
]
  .map((page) => readFileSync(join(root, page), "utf8"))
  .join("\n");

/** An example of the pages: the file that its first line names, and its content. */
interface Example {
  readonly file: string;
  readonly data: PlainObject;
}

/** Whether an example is a manifest of a tenant, which the API server checks, and not the loader. */
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
const defaultsFiles = ["stacks/groups/web.yaml", "stacks/staging/defaults.yaml"];

/** A setting as the engine hands it over. */
function decrypted(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => (isEncrypted(part) ? "made up" : part));
}

/** A checkout with all examples, and with the settings that they need. */
function checkout(changes: PlainObject = {}) {
  const { config = {} } = together("Pulumi.staging.yaml");
  assert.ok(isPlainObject(config));
  const settings = Object.entries(config).map(
    ([key, value]) => [key.replace(/^fleet:/, ""), decrypted(value)] as const,
  );
  return {
    files: {
      [`${tenants}/team-payments.yaml`]: stringify(mergeOverlay(together(`${tenants}/team-payments.yaml`), changes)),
      [`${overlays}/team-payments.yaml`]: stringify(together(`${overlays}/team-payments.yaml`)),
      [`${tenants}/team-search.yaml`]: stringify(together(`${tenants}/team-search.yaml`)),
      [`${overlays}/team-search.yaml`]: "{}\n",
      ...Object.fromEntries(defaultsFiles.map((file) => [file, stringify(together(file))])),
    },
    config: {
      ...Object.fromEntries(settings),
      extraComponents: ["image-reflector-controller", "image-automation-controller"],
      allowedRoles: ["flagger-viewer"],
      addons: { "cert-manager": {}, flagger: {} },
      shards: ["batch"],
      secrets: {
        "team-payments": {
          slack: "https://hooks.example.com/1",
          "commit-status": "a token",
          pager: "a key",
          registry: "a password",
        },
        "team-a": { slack: "https://hooks.example.com/3" },
        "team-search": { slack: "https://hooks.example.com/2" },
      },
    },
  };
}

describe(`the examples of ${REFERENCE_DOCUMENT} and its topics`, () => {
  it("load, all together, without a problem", () => {
    assert.deepEqual(problemLines(checkout()), []);
    const [payments] = load(checkout()).tenants.filter(({ name }) => name === "team-payments");
    assert.ok(payments?.imageAutomation);
    assert.ok(payments.repositories[0].protection.checks.includes("test"));
    assert.ok(Object.hasOwn(payments.notifications, "alerts"));
    assert.equal(payments.namespaces[0].limits.memory, "64Gi");
  });

  it("would not load with a field that does not exist", () => {
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
