import assert from "node:assert/strict";
import { mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { linkPackages } from "../../support/linked-packages.js";
import { copyForStaging, type StagingCopy } from "./staging-copy.js";

/** A file of the program, a text in it that one resource has, and another text. */
const file = "components/tenant/repository/template.ts";
const [former, edited] = ["What every tenant's repository starts with", "Edited by a test"];
/** Esbuild fails, so a run succeeds only with a bundle that was kept. */
const withoutBundling = { ESBUILD_BINARY_PATH: process.execPath };

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly newState?: { readonly inputs?: { readonly description?: string } };
}

/** The engine runs a bundle of the program, which is kept between runs. */
describe("An edit of the program's code", function () {
  this.timeout(30 * 60_000);
  let staging: StagingCopy;

  before(async () => {
    staging = await copyForStaging(copyProgram);
    const { cwd } = staging;
    // With a cache of its own. Its folder exists, so that the first run changes no folder that it reads.
    await unlink(join(cwd, "node_modules"));
    linkPackages(cwd);
    await mkdir(join(cwd, "node_modules", ".cache"));
  });

  async function replace(from: string, to: string): Promise<void> {
    const path = join(staging.cwd, file);
    const text = await readFile(path, "utf8");
    assert.ok(text.includes(from), `${file} has another text`);
    await writeFile(path, text.replace(from, to));
  }

  it("shows in the next preview, and so does its revert, although the bundle is kept", async () => {
    const { cwd } = staging;
    const { engine } = staging.environment;
    const noChanges = ["preview", "--expect-no-changes"];
    await engine.succeed(noChanges, { cwd });

    await replace(former, edited);
    const { stdout } = await engine.succeed(["preview", "--json"], { cwd });
    const { steps } = JSON.parse(stdout) as { readonly steps: readonly Step[] };
    const changed = steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
    // The proof names the code that the stack has run.
    assert.deepEqual(changed.sort(), ["update fleet-proved", "update fleet-tenant-template-repository-github"]);
    const described = steps.find(({ urn }) => urn.endsWith("::fleet-tenant-template-repository-github"));
    assert.equal(described?.newState?.inputs?.description, edited);

    await replace(edited, former);
    await engine.succeed(noChanges, { cwd, env: withoutBundling });
  });
});
