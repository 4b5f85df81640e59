import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTenantUpdate, TENANT_UPDATE_VARIABLE, withTenantUpdate } from "../../../../config/stack/tenant-update.js";

describe("The variable of an update of one tenant", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-tenant-update-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (file: string) => readTenantUpdate({ [TENANT_UPDATE_VARIABLE]: file });
  const refusal = { message: /FLEET_TENANT_UPDATE: names no running `fleet up`.*every other tenant.*Unset it\./ };

  for (const [what, content] of [
    ["no JSON", "team-a"],
    ["no object", "null"],
    ["a list", "[]"],
    ["no process", JSON.stringify({ content: "team-a" })],
    ["no tenant", JSON.stringify({ pid: process.pid })],
    ["another content", JSON.stringify({ content: { tenant: "team-a" }, pid: process.pid })],
    ["a process as text", JSON.stringify({ content: "team-a", pid: String(process.pid) })],
    ["a group of processes", JSON.stringify({ content: "team-a", pid: -1 })],
    ["the own group of processes", JSON.stringify({ content: "team-a", pid: 0 })],
    ["a process that does not run", JSON.stringify({ content: "team-a", pid: 2 ** 30 })],
  ] as const) {
    it(`is refused with a file that holds ${what}`, () => {
      const file = join(folder, "update.json");
      writeFileSync(file, content);
      assert.throws(() => read(file), refusal);
    });
  }

  it("is refused without its file, and when it is empty or a folder", () => {
    for (const file of [join(folder, "missing.json"), "", folder]) assert.throws(() => read(file), refusal);
  });

  it("is refused once its command has ended, well or not", async () => {
    const files: string[] = [];
    const work = async (variables: Readonly<Record<string, string>>) => {
      files.push(...Object.values(variables));
      throw new Error("the engine failed");
    };
    await assert.rejects(withTenantUpdate("team-a", work), /the engine failed/);
    const [file = ""] = files;
    assert.equal(existsSync(file), false);
    assert.throws(() => read(file), refusal);
  });

  it("names the tenant while its command runs, and none without the variable", async () => {
    assert.equal(await withTenantUpdate("team-a", async (variables) => readTenantUpdate(variables)), "team-a");
    assert.equal(readTenantUpdate({}), undefined);
    assert.equal(await withTenantUpdate("stale", async (variables) => readTenantUpdate(variables)), "stale");
  });
});
