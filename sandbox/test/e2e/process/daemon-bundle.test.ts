import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import { daemonProgram } from "../../../daemon/daemon-bundle.js";
import { checkout } from "../../../state/state-directory.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("the program of a daemon", () => {
  const tempDir = tempDirs();

  /** Runs it on a specification that there is not. */
  const refusal = async (program: readonly string[]) =>
    (await execa(process.execPath, [...program, '{"kind":"none"}'], { reject: false })).stderr;

  it("is one file, which is made once and keeps at most four of its kind", async () => {
    const root = tempDir();
    const folder = join(root, "bundles");
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    const [first, second] = await Promise.all([daemonProgram(folder), daemonProgram(folder)]);
    const [file = ""] = first;
    assert.deepEqual(second, [file]);
    assert.deepEqual(readdirSync(folder), [basename(file)]);
    const { ino } = statSync(file);
    assert.deepEqual(await daemonProgram(folder), [file]);
    assert.equal(statSync(file).ino, ino);
    assert.match(await refusal([file]), /ZodError/);

    rmSync(file);
    const former = [1, 2, 3, 4, 5].map((age) => join(folder, `daemon-${age}.mjs`));
    for (const [age, each] of former.entries()) {
      writeFileSync(each, "");
      utimesSync(each, new Date(), new Date(Date.now() - (age + 1) * 60_000));
    }
    await daemonProgram(folder);
    assert.ok(existsSync(file));
    assert.deepEqual(former.filter(existsSync), former.slice(0, 3));
  });

  it("is its sources where no file can be kept", async () => {
    const file = join(tempDir(), "file");
    writeFileSync(file, "");
    const program = await daemonProgram(join(file, "folder"));
    assert.match(program.at(-1) ?? "", /main\.ts$/);
    assert.match(await refusal(program), /ZodError/);
  });
});
