import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { REFERENCE_DOCUMENT } from "../../../../config/reference/field-tables.js";
import { isPlainObject } from "../../../../lib/data/merge.js";
import { load, problemLines } from "../../../support/unit/checkout-tree.js";
import { root } from "../../../support/unit/fleet.js";

const document = readFileSync(join(root, REFERENCE_DOCUMENT), "utf8");

/** The section's files, by the path in their first line. */
const files: ReadonlyMap<string, string> = new Map(
  [...section("## Examples").matchAll(/```yaml\n# (stacks\/\S+)\n(.*?)```/gs)].map(([, file = "", text = ""]) => [
    file,
    text,
  ]),
);

/** A checkout with all examples, and with the settings that they need; `change` is added to one of the files. */
function checkout(changed?: string, change = "") {
  return {
    files: Object.fromEntries(
      [...files].map(([file, text]) => [file, file === changed ? `${text}${change}` : text] as const),
    ),
    config: {
      extraComponents: ["image-reflector-controller", "image-automation-controller"],
      ingressNamespaces: ["ingress-nginx"],
      exports: {
        metrics: { namespace: "monitoring", service: "prometheus", port: 9090, pods: { a: "b" }, to: ["team-data"] },
      },
      addons: { "cert-manager": {}, flagger: {} },
      shards: ["batch"],
      webhookUrl: "https://flux-webhook.example.com",
      secrets: { "team-data": { chat: "https://hooks.example.com/1", registry: "a password" } },
    },
  };
}

describe(`the first examples of ${REFERENCE_DOCUMENT}`, () => {
  it("load, each as a tenant of its own", () => {
    const [minimal, ...others] = [...files.keys()].filter((file) => file.startsWith("stacks/base/"));
    assert.ok(minimal !== undefined);
    // The page shows no overlay for the minimal tenant: an empty file is enough.
    const { files: written, ...rest } = checkout();
    const complete = { ...rest, files: { ...written, [minimal.replace("/base/", "/staging/")]: "" } };
    assert.deepEqual(problemLines(complete), []);
    const names = load(complete).tenants.map(({ name }) => `stacks/base/tenants/${name}.yaml`);
    assert.deepEqual(
      [minimal, ...others].filter((file) => !names.includes(file)),
      [],
    );
    assert.equal(others.length, 2);
  });

  for (const file of files.keys()) {
    it(`would not load with a field that does not exist: ${file}`, () => {
      assert.match(problemLines(checkout(file, "colour: blue\n")).join("\n"), /colour: there is no such field/);
    });
  }

  it("show with the last one every section that a tenant's file can have", () => {
    const schemas = ["tenant", "tenant-overlay"].map((name): unknown =>
      JSON.parse(readFileSync(join(root, `stacks/${name}.schema.json`), "utf8")),
    );
    const sections = schemas.flatMap((schema) => {
      assert.ok(isPlainObject(schema) && isPlainObject(schema.properties));
      return Object.keys(schema.properties);
    });
    const full = ["base", "staging"].flatMap((folder) => {
      const data: unknown = parse(files.get(`stacks/${folder}/tenants/team-data.yaml`) ?? "");
      assert.ok(isPlainObject(data));
      return Object.keys(data);
    });
    assert.deepEqual(
      sections.filter((name) => !full.includes(name)),
      [],
    );
  });
});

function section(title: string): string {
  const [, text = ""] = document.split(`${title}\n`);
  return text.split("\n## ")[0] ?? "";
}
