import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse, parseAllDocuments } from "yaml";
import {
  REFERENCE_DOCUMENT,
  REFERENCE_TABLES,
  withReferenceTables,
} from "../../../../config/reference/field-tables.js";
import { generatedFiles, jsonSchemas } from "../../../../config/reference/write.js";
import { PLATFORM_VARIABLES, tenantNamespace } from "../../../../config/rules/names.js";
import { clusterVariables } from "../../../../config/stack/cluster-variables.js";
import { stackConfig as stackConfigSchema } from "../../../../config/stack/schema.js";
import { fixtures } from "../../../support/fixtures.js";
import { load, soundConfig } from "../../../support/unit/checkout-tree.js";
import { stackConfig, stackNames, stackSpec } from "../../../support/unit/stack-config.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../..");

function readYaml(file: string): Record<string, unknown> {
  return parse(readFileSync(file, "utf8"));
}

/** The tenant files of a stack, or of `base`, sorted. */
function tenantFiles(folder: string, layer: string): string[] {
  const files = readdirSync(path.join(folder, "stacks", layer, "tenants"));
  return files.filter((file) => file.endsWith(".yaml")).sort();
}

/** Stacks and tenants that a test reads: the checkout's belong to its owner, who may have any. */
const catalogues = [
  { title: "the stacks of this checkout", folder: root },
  { title: "the stacks of the fixtures", folder: fixtures },
];

for (const { title, folder } of catalogues) {
  describe(title, () => {
    const stacks = stackNames(folder);

    for (const stack of stacks) {
      it(`load for ${stack}, with every tenant that has an overlay`, () => {
        const spec = stackSpec(folder, stack);
        assert.deepEqual(
          spec.tenants.map(({ name }) => `${name}.yaml`),
          tenantFiles(folder, stack),
        );
        assert.equal(spec.github.ownsRepositories, stack === stackConfig(folder, stack).repositoryOwner);
      });
    }

    for (const layer of ["base", ...stacks]) {
      const schema = `stacks/tenant${layer === "base" ? "" : "-overlay"}.schema.json`;
      it(`pass the JSON Schema that editors use (${layer})`, () => {
        const validate = new Ajv({ unicodeRegExp: true, allErrors: true, strict: false }).compile(
          JSON.parse(jsonSchemas()[schema] ?? ""),
        );
        for (const file of tenantFiles(folder, layer)) {
          const data = readYaml(path.join(folder, "stacks", layer, "tenants", file));
          assert.ok(validate(data ?? {}), `${file}: ${JSON.stringify(validate.errors)}`);
        }
      });

      it(`lead editors to that schema, where a file's first line names one (${layer})`, () => {
        for (const file of tenantFiles(folder, layer)) {
          const directory = path.join(folder, "stacks", layer, "tenants");
          const text = readFileSync(path.join(directory, file), "utf8");
          const [, named] = /^# yaml-language-server: \$schema=(\..*)/.exec(text) ?? [];
          if (named !== undefined) assert.equal(path.join(directory, named), path.join(root, schema), file);
        }
      });
    }
  });
}

describe("the stacks of the fixtures", () => {
  it("are two, with tenants, and a first line in each tenant's file that names its schema", () => {
    assert.deepEqual(stackNames(fixtures), ["prod-eu", "staging"]);
    for (const layer of ["base", "prod-eu", "staging"]) {
      const files = tenantFiles(fixtures, layer);
      assert.deepEqual(files, ["team-payments.yaml", "team-search.yaml"]);
      for (const file of files) {
        const text = readFileSync(path.join(fixtures, "stacks", layer, "tenants", file), "utf8");
        assert.match(text, /^# yaml-language-server: \$schema=\./, file);
      }
    }
  });
});

describe("the files generated from the schemas", () => {
  it("are committed as they are generated; if not: npm run schema", () => {
    // How JSON is laid out is the formatter's business.
    const content = (file: string, text: string): unknown => (file.endsWith(".json") ? JSON.parse(text) : text);
    for (const [file, text] of Object.entries(generatedFiles(root))) {
      const committed = readFileSync(path.join(root, file), "utf8");
      assert.deepEqual(content(file, committed), content(file, text), `${file} is out of date`);
    }
  });

  it("cannot be written into a document without the marks for them", () => {
    for (const file of Object.keys(REFERENCE_TABLES)) {
      assert.throws(() => withReferenceTables(file, "# Tenants\n"), /lacks the lines/);
    }
    assert.ok(Object.hasOwn(REFERENCE_TABLES, REFERENCE_DOCUMENT));
  });

  it("describe every field, so that editors can explain it", () => {
    const undescribed = (schema: Record<string, unknown>, at: string): string[] =>
      Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>).flatMap(([name, field]) => [
        ...(typeof field.description === "string" && field.description !== "" ? [] : [`${at}.${name}`]),
        ...undescribed(field, `${at}.${name}`),
      ]);
    for (const [file, text] of Object.entries(jsonSchemas())) assert.deepEqual(undescribed(JSON.parse(text), file), []);
  });

  it("accept and refuse in an editor the same defaults as the loader", () => {
    const validators = ["group", "defaults"].map((kind) =>
      new Ajv({ unicodeRegExp: true, strict: false }).compile(
        JSON.parse(jsonSchemas()[`stacks/tenant-${kind}.schema.json`] ?? ""),
      ),
    );
    const cases: readonly (readonly [unknown, group: boolean, defaults: boolean])[] = [
      [{}, true, true],
      [{ sync: { interval: "5m" }, limits: { size: "large" } }, true, true],
      [{ sync: { interval: null } }, false, true],
      [{ repository: { visibility: "internal" } }, true, false],
      [{ repository: { name: "x" } }, false, false],
      [{ name: "a" }, false, false],
      [{ sync: { intervall: "5m" } }, false, false],
    ];
    for (const [data, ...expected] of cases) {
      assert.deepEqual(
        validators.map((validate) => validate(data)),
        expected,
        JSON.stringify(data),
      );
    }
  });

  it("refuse in an editor the same forms as the loader", () => {
    const validate = new Ajv({ unicodeRegExp: true, strict: false }).compile(
      JSON.parse(jsonSchemas()["stacks/tenant.schema.json"] ?? ""),
    );
    for (const bad of [{}, { name: "Team" }, { name: "a", x: 1 }, { name: "a", sync: { interval: "1 minute" } }]) {
      assert.equal(validate(bad), false, JSON.stringify(bad));
    }
  });
});

describe("Pulumi.yaml", () => {
  const project = readYaml(path.join(root, "Pulumi.yaml"));
  const declared = project.config as Record<string, { type: string; default?: unknown; description?: string }>;

  it("declares every key of the configuration, and no other", () => {
    assert.deepEqual(Object.keys(declared).sort(), Object.keys(stackConfigSchema.shape).sort());
  });

  it("has no other defaults than the program", () => {
    const defaults: Record<string, unknown> = stackConfigSchema.parse(soundConfig);
    for (const [key, { default: written }] of Object.entries(declared)) {
      // Nothing, or an empty map, leaves it to the program.
      if (written === "" || JSON.stringify(written) === "{}") continue;
      assert.deepEqual(written, defaults[key], key);
    }
  });

  it("gives every key a default, because the engine says nothing else once it misses one", () => {
    for (const [key, { default: written, description }] of Object.entries(declared)) {
      assert.notEqual(written, undefined, key);
      assert.ok(description, key);
    }
  });
});

describe("what tenants and stacks cannot have", () => {
  it("is every variable that the program really sets", () => {
    const spec = load();
    const variables = clusterVariables(spec, spec.platform.variables);
    assert.deepEqual(Object.keys(variables).sort(), PLATFORM_VARIABLES);
  });

  it("is every namespace that the platform's manifests create", () => {
    const seed = path.join(fixtures, "fleet");
    const files = readdirSync(seed, { recursive: true, encoding: "utf8" });
    const objects = files
      .filter((file) => file.endsWith(".yaml"))
      .flatMap((file) => parseAllDocuments(readFileSync(path.join(seed, file), "utf8")))
      .map((document): unknown => document.toJS())
      .filter((object) => isNamespace(object));
    assert.ok(objects.length > 0);
    for (const { metadata } of objects) assert.ok(tenantNamespace.check(metadata.name), metadata.name);
  });
});

function isNamespace(object: unknown): object is { metadata: { name: string } } {
  return typeof object === "object" && object !== null && "kind" in object && object.kind === "Namespace";
}
