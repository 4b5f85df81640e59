import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
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
    const [runner = "", file = ""] = first;
    assert.deepEqual(second, [runner, file]);
    assert.deepEqual(readdirSync(folder), [basename(file)]);
    const { ino } = statSync(file);
    assert.deepEqual(await daemonProgram(folder), [runner, file]);
    assert.equal(statSync(file).ino, ino);

    // V8's code of it is kept by the first run, and again when it is damaged.
    const code = `${file}.v8`;
    for (const damage of [undefined, Buffer.alloc(100_000, 1)]) {
      if (damage !== undefined) writeFileSync(code, damage);
      assert.match(await refusal(first), /ZodError/);
      const { ino } = statSync(code);
      assert.ok(statSync(code).size > 1_000_000);
      assert.match(await refusal(first), /ZodError/);
      assert.equal(statSync(code).ino, ino, "the code was not used");
    }
    assert.deepEqual(readdirSync(folder).sort(), [basename(file), basename(code)]);

    rmSync(file);
    rmSync(code);
    const former = [1, 2, 3, 4, 5].map((age) => join(folder, `daemon-${age}.cjs`));
    for (const [age, each] of former.entries()) {
      writeFileSync(each, "");
      writeFileSync(`${each}.v8`, "");
      utimesSync(each, new Date(), new Date(Date.now() - (age + 1) * 60_000));
    }
    await daemonProgram(folder);
    assert.ok(existsSync(file));
    assert.deepEqual(former.filter(existsSync), former.slice(0, 3));
    assert.deepEqual(
      former.filter((each) => existsSync(`${each}.v8`)),
      former.slice(0, 3),
    );
  });

  it("runs no code that was kept of another text, or of another place", async () => {
    const folder = tempDir();
    const [file, copy] = ["daemon.cjs", "copy.cjs"].map((name) => join(folder, name)) as [string, string];
    const runner = join(import.meta.dirname, "../../../daemon/run-bundle.mjs");
    const run = async (bundle: string) => (await execa(process.execPath, [runner, bundle])).stdout;
    const text = (word: string) => `console.log("${word}", /at .*?([^/]+):1:/.exec(new Error().stack)[1]);\n`;
    // V8 itself takes code of a text with the same length.
    for (const word of ["one", "two"]) {
      writeFileSync(file, text(word));
      assert.equal(await run(file), `${word} daemon.cjs`);
    }
    writeFileSync(copy, text("two"));
    copyFileSync(`${file}.v8`, `${copy}.v8`);
    assert.equal(await run(copy), "two copy.cjs");
    const { ino } = statSync(`${copy}.v8`);
    assert.equal(await run(copy), "two copy.cjs");
    assert.equal(statSync(`${copy}.v8`).ino, ino, "the code was not used");
  });

  it("is made again, without a message, when its file is damaged, cut off or empty", async () => {
    const root = tempDir();
    const folder = join(root, "bundles");
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    const program = await daemonProgram(folder);
    const file = program.at(-1) ?? "";
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    flipped.writeUInt8(whole.readUInt8(middle) ^ 1, middle);
    const withoutDigest = whole.subarray(whole.indexOf("\n") + 1);
    for (const damaged of [flipped, whole.subarray(0, middle), withoutDigest, Buffer.alloc(0)]) {
      writeFileSync(file, damaged);
      assert.deepEqual(await daemonProgram(folder), program);
      assert.ok(readFileSync(file).equals(whole));
    }
    assert.match(await refusal(program), /ZodError/);
  });

  it("is one file beside others that are deleted meanwhile, and beside what ended runs left half written", async () => {
    const root = tempDir();
    const folder = join(root, "bundles");
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    mkdirSync(folder);
    // As a file that is in the list of the folder, and gone when it is looked at.
    symlinkSync(join(folder, "gone"), join(folder, "daemon-gone.cjs"));
    const [left, recent] = [0, 1].map((each) => join(folder, `daemon-1.cjs.${each}.partial`)) as [string, string];
    for (const each of [left, recent]) writeFileSync(each, "");
    utimesSync(left, new Date(), new Date(Date.now() - 2 * 3_600_000));
    const file = (await daemonProgram(folder)).at(-1) ?? "";
    assert.match(file, /\.cjs$/);
    assert.deepEqual(readdirSync(folder).sort(), ["daemon-gone.cjs", basename(file), basename(recent)].sort());
  });

  it("leaves nothing half written when its file cannot be kept in the end", async () => {
    const root = tempDir();
    const folder = join(root, "bundles");
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    const file = (await daemonProgram(folder)).at(-1) ?? "";
    rmSync(file);
    const making = daemonProgram(folder);
    // While the bundler runs, a folder takes the place of the file.
    mkdirSync(file);
    assert.match((await making).at(-1) ?? "", /main\.ts$/);
    assert.deepEqual(readdirSync(folder), [basename(file)]);
  });

  it("is its sources where no file can be kept", async () => {
    const file = join(tempDir(), "file");
    writeFileSync(file, "");
    const program = await daemonProgram(join(file, "folder"));
    assert.match(program.at(-1) ?? "", /main\.ts$/);
    assert.match(await refusal(program), /ZodError/);
  });
});
