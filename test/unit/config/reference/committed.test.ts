import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { parse, parseAllDocuments } from "yaml";
import { clusterVariablesData } from "../../../../components/platform/objects.js";
import { loadFleetSpec } from "../../../../config/load.js";
import { withFieldReference } from "../../../../config/reference/field-tables.js";
import { jsonSchemas } from "../../../../config/reference/json-schema.js";
import { generatedFiles } from "../../../../config/reference/write.js";
import { PLATFORM_VARIABLES, tenantNamespace } from "../../../../config/rules/names.js";
import { stackConfig as stackConfigSchema } from "../../../../config/stack/schema.js";
import { load, noDefaultProviders, soundConfig, soundEnvironment } from "../../../support/unit/checkout-tree.js";
import { stackConfig, stackNames } from "../../../support/unit/stack-config.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../..");

function readYaml(file: string): Record<string, unknown> {
  return parse(readFileSync(path.join(root, file), "utf8"));
}

describe("the catalogue of this checkout", () => {
  const stacks = stackNames(root);

  for (const stack of stacks) {
    it(`loads for ${stack}`, () => {
      const config = stackConfig(root, stack);
      const { spec } = loadFleetSpec({
        root,
        stack,
        config,
        disabledDefaultProviders: noDefaultProviders,
        environment: soundEnvironment,
      });
      assert.deepEqual(
        spec.tenants.map(({ name }) => `${name}.yaml`),
        readdirSync(path.join(root, "stacks", stack, "tenants")).sort(),
      );
      assert.ok(spec.tenants.length > 0);
      assert.deepEqual(spec.stacks, stacks);
      assert.equal(spec.github.ownsRepositories, stack === config.repositoryOwner);
    });

    it(`has no default provider on ${stack}, so that nothing reaches a cluster or account by accident`, () => {
      const config = readYaml(`Pulumi.${stack}.yaml`).config as Record<string, unknown>;
      assert.deepEqual(config["pulumi:disable-default-providers"], ["*"]);
    });
  }

  const [tenantSchema, overlaySchema] = ["stacks/tenant.schema.json", "stacks/tenant-overlay.schema.json"];

  for (const [folder, schema] of [
    ["base", tenantSchema] as const,
    ...stacks.map((stack) => [stack, overlaySchema] as const),
  ]) {
    it(`passes the schema that its first line gives to editors (${folder})`, () => {
      const validate = new Ajv({ unicodeRegExp: true, allErrors: true, strict: false }).compile(
        JSON.parse(jsonSchemas()[schema] ?? ""),
      );
      for (const file of readdirSync(path.join(root, "stacks", folder, "tenants"))) {
        const relative = `stacks/${folder}/tenants/${file}`;
        const [first] = readFileSync(path.join(root, relative), "utf8").split("\n");
        assert.equal(first, `# yaml-language-server: $schema=../../${path.basename(schema)}`, relative);
        assert.ok(validate(readYaml(relative) ?? {}), `${relative}: ${JSON.stringify(validate.errors)}`);
      }
    });
  }
});

describe("what is generated from the schemas", () => {
  it("is committed as it is generated; if not: npm run schema", () => {
    // How JSON is laid out is the formatter's business.
    const content = (file: string, text: string): unknown => (file.endsWith(".json") ? JSON.parse(text) : text);
    for (const [file, text] of Object.entries(generatedFiles(root))) {
      const committed = readFileSync(path.join(root, file), "utf8");
      assert.deepEqual(content(file, committed), content(file, text), `${file} is out of date`);
    }
  });

  it("cannot go into a document without the marks for it", () => {
    assert.throws(() => withFieldReference("# Tenants\n"), /lacks the lines/);
  });

  it("describes every field, so that editors can explain it", () => {
    const undescribed = (schema: Record<string, unknown>, at: string): string[] =>
      Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>).flatMap(([name, field]) => [
        ...(typeof field.description === "string" && field.description !== "" ? [] : [`${at}.${name}`]),
        ...undescribed(field, `${at}.${name}`),
      ]);
    for (const [file, text] of Object.entries(jsonSchemas())) assert.deepEqual(undescribed(JSON.parse(text), file), []);
  });

  it("refuses in an editor what the loader refuses for its form", () => {
    const validate = new Ajv({ unicodeRegExp: true, strict: false }).compile(
      JSON.parse(jsonSchemas()["stacks/tenant.schema.json"] ?? ""),
    );
    for (const bad of [{}, { name: "Team" }, { name: "a", x: 1 }, { name: "a", sync: { interval: "1 minute" } }]) {
      assert.equal(validate(bad), false, JSON.stringify(bad));
    }
  });
});

describe("Pulumi.yaml", () => {
  const project = readYaml("Pulumi.yaml");
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
    assert.deepEqual(Object.keys(clusterVariablesData(load())).sort(), PLATFORM_VARIABLES);
  });

  it("is every namespace that the platform's manifests create", () => {
    const files = readdirSync(path.join(root, "fleet"), { recursive: true, encoding: "utf8" });
    const objects = files
      .filter((file) => file.endsWith(".yaml"))
      .flatMap((file) => parseAllDocuments(readFileSync(path.join(root, "fleet", file), "utf8")))
      .map((document): unknown => document.toJS())
      .filter((object) => isNamespace(object));
    assert.ok(objects.length > 0);
    for (const { metadata } of objects) assert.ok(tenantNamespace.check(metadata.name), metadata.name);
  });
});

function isNamespace(object: unknown): object is { metadata: { name: string } } {
  return typeof object === "object" && object !== null && "kind" in object && object.kind === "Namespace";
}
