import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

/** Folders and kinds of files that decide what a tenant may do, or say whether it holds. */
const decisive = [
  /^(?:components|config|flux|lib|policies|preflight|stacks|fleet)\//,
  /^(?:test\/attacks|\.github)\//,
  /^Pulumi(?:\..+)?\.yaml$/,
  /^(?:index\.ts|flux\.lock\.json|CODEOWNERS)$/,
];

interface Line {
  readonly pattern: string;
  readonly owners: readonly string[];
}

const lines: readonly Line[] = readFileSync(join(root, "CODEOWNERS"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [pattern = "", ...owners] = line.split(/\s+/);
    return { pattern, owners };
  });

/** The reviewers of tenants, beside the reviewers of everything. A fork has other names. */
const security = ownersOf("components/tenant/tenant.ts").find((owner) => !ownersOf("README.md").includes(owner)) ?? "";

describe("CODEOWNERS", () => {
  it("names reviewers of tenants who do not review everything", () => {
    assert.match(security, /^@/);
  });

  it("makes security review every file that decides the rights of a tenant", () => {
    const unseen = ourFiles().filter(
      (file) => decisive.some((rule) => rule.test(file)) && !ownersOf(file).includes(security),
    );
    assert.deepEqual(unseen, []);
  });

  it("makes security review a new folder of components, too", () => {
    const folders = readdirSync(join(root, "components"), { withFileTypes: true }).filter((one) => one.isDirectory());
    assert.ok(folders.length > 0);
    for (const name of [...folders.map((one) => one.name), "not-written-yet"]) {
      assert.ok(ownersOf(`components/${name}/new.ts`).includes(security), name);
    }
  });

  it("names no path that does not exist", () => {
    const files = ourFiles();
    for (const { pattern } of lines) {
      assert.ok(
        files.some((file) => matches(pattern, file)),
        `nothing is ${pattern}`,
      );
    }
  });

  it("leaves no file without a reviewer", () => {
    assert.deepEqual(
      ourFiles().filter((file) => ownersOf(file).length === 0),
      [],
    );
  });
});

/** GitHub takes the last line that matches. */
function ownersOf(file: string): readonly string[] {
  return lines.findLast(({ pattern }) => matches(pattern, file))?.owners ?? [];
}

/** The forms that CODEOWNERS uses: `*`, `/folder/`, and `/file` with a `*` for a part of its name. */
function matches(pattern: string, file: string): boolean {
  if (pattern === "*") return true;
  assert.match(pattern, /^\/[^*?[\]]*(?:\*[^*?/[\]]*)*$/, `a form of pattern that this test does not know: ${pattern}`);
  if (pattern.endsWith("/")) return `/${file}`.startsWith(pattern);
  const expression = pattern
    .split("*")
    .map((part) => part.replaceAll(/[.+^${}()|\\]/g, "\\$&"))
    .join("[^/]*");
  return new RegExp(`^${expression}$`).test(`/${file}`);
}
