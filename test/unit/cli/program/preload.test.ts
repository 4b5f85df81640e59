import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkout } from "../../../../cli/checkout.js";
import { SmallProgram } from "../../../support/unit/small-program.js";
import { isReachable } from "../../../support/unprivileged.js";

describe("the preload of the program", () => {
  let program: SmallProgram;
  let kept: string;

  beforeEach(() => {
    program = SmallProgram.create(checkout);
    ({ kept } = program);
  });
  afterEach(() => program.remove());

  const write = (file: string, content: string) => program.write(file, content);
  const run = (env: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) => program.run(env, ...flags);

  it("runs index.ts and what it imports", async () => {
    assert.deepEqual(await run(), { code: 0, out: "42\n", err: "" });
  });

  it("refuses a program that exports no function, which would be one without resources", async () => {
    write("index.ts", 'export { run as default } from "./lib/run.js";\nexport const answer = 42;\n');
    assert.equal((await run()).code, 0);
    write("index.ts", 'export { run } from "./lib/run.js";\n');
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /TypeError: index\.ts must export a function by default/);
  });

  it("names file, line and column of the source in a stack trace", async () => {
    const failing =
      "type Answer = number;\n\nexport function run(): Answer {\n  throw new TypeError('no answer');\n}\n";
    write("lib/run.ts", failing);
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, new RegExp(`TypeError: no answer\n    at run \\(${program.root}/lib/run\\.ts:4:9\\)\n`));
    assert.match(err, new RegExp(`    at .*\\(${program.root}/index\\.ts:3:26\\)\n`));
  });

  it("names the line of a file that cannot be parsed", async () => {
    write("lib/run.ts", "export const run = ;\n");
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /SyntaxError: .*Unexpected ";"\n\n\s+lib\/run\.ts:1:19:/);
  });

  it("names the import that leads nowhere", async () => {
    rmSync(join(program.root, "lib/run.ts"));
    assert.match((await run()).err, /Could not resolve "\.\/lib\/run\.js"\n\n\s+index\.ts:1:20:/);
  });

  it("refuses a folder without index.ts", async () => {
    rmSync(join(program.root, "index.ts"));
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /ENOENT: .*index\.ts/);
  });

  describe("with a cache", () => {
    /** Esbuild fails, so a run succeeds only with a bundle that was kept. */
    const withoutBundling = { ESBUILD_BINARY_PATH: process.execPath };
    const answered = (answer: number) => ({ code: 0, out: `${answer}\n`, err: "" });
    /** Node's own cache of packages apart. */
    const keptFiles = () => readdirSync(kept, { withFileTypes: true }).filter((entry) => entry.isFile());

    /** The cache of an earlier copy of the program. */
    let earlier: string | undefined;

    beforeEach(async () => {
      if (earlier === undefined) {
        // A file that has just been written is not kept, because it might be written again meanwhile.
        await run();
        await run();
        earlier = mkdtempSync(join(tmpdir(), "fleet-program-cache-"));
        cpSync(kept, earlier, { recursive: true });
      } else cpSync(earlier, kept, { recursive: true });
    });
    after(() => rmSync(earlier ?? "", { recursive: true, force: true }));

    it("runs the kept bundle, as long as nothing changes", async () => {
      assert.deepEqual(await run(withoutBundling), answered(42));
    });

    it("keeps the positions of the sources", async () => {
      write("lib/run.ts", "export function run(): number {\n  throw new TypeError('no answer');\n}\n");
      await run();
      await run();
      const { err } = await run(withoutBundling);
      assert.match(err, new RegExp(`TypeError: no answer\n    at run \\(${program.root}/lib/run\\.ts:2:9\\)\n`));
    });

    it("names the files of the checkout that runs, although a copy of it has kept the same code", async () => {
      const text =
        'export function run() {\n  return /at run \\((.*):2:\\d+\\)/.exec(new Error().stack ?? "")?.[1];\n}\n';
      const copy = SmallProgram.create(checkout);
      try {
        for (const one of [program, copy]) {
          one.write("lib/run.ts", text);
          one.write("index.ts", 'import { run } from "./lib/run.js";\nexport default () => console.log(run());\n');
        }
        const placeOf = ({ root }: SmallProgram) => ({ code: 0, out: `${root}/lib/run.ts\n`, err: "" });
        for (const _ of ["bundled", "kept"]) assert.deepEqual(await run(), placeOf(program));
        assert.deepEqual(await run(withoutBundling), placeOf(program));
        cpSync(kept, copy.kept, { recursive: true });
        assert.deepEqual(await copy.run(withoutBundling), placeOf(copy));
      } finally {
        copy.remove();
      }
    });

    it("runs every change of a file, and what was there before", async () => {
      write("lib/run.ts", "export const run = (): number => 43;\n");
      assert.deepEqual(await run(), answered(43));
      write("lib/run.ts", "export const run = (): number => 42;\n");
      assert.deepEqual(await run(withoutBundling), answered(42));
    });

    it("runs a new file that an import means instead", async () => {
      write("lib/run.js", "export const run = () => 44;\n");
      assert.deepEqual(await run(), answered(44));
    });

    it("heeds new settings of the compiler", async () => {
      write("tsconfig.json", '{ "compilerOptions": { "paths": { "./lib/run.js": ["./lib/other.ts"] } } }');
      write("lib/other.ts", "export const run = () => 45;\n");
      const plain = await run();
      write("tsconfig.json", "{}");
      assert.deepEqual([plain.code, await run()], [0, answered(42)]);
    });

    it("is of no use to another version of the bundler", async () => {
      write("cli/program/bundle.mjs", `${readFileSync(join(program.root, "cli/program/bundle.mjs"), "utf8")}\n`);
      assert.notEqual((await run(withoutBundling)).code, 0);
    });

    it("does without files that are damaged, cut off, empty or gone", async () => {
      const damages: readonly ((content: Buffer) => Buffer | undefined)[] = [
        (content) => content.fill(0, Math.floor(content.length / 2)),
        (content) => content.subarray(0, content.length / 2),
        () => Buffer.alloc(0),
        () => undefined,
      ];
      assert.ok(keptFiles().length > 3);
      for (const damage of damages) {
        for (const { name } of keptFiles()) {
          const file = join(kept, name);
          const damaged = damage(readFileSync(file));
          if (damaged === undefined) rmSync(file);
          else writeFileSync(file, damaged);
        }
        assert.deepEqual(await run(), answered(42));
      }
      assert.deepEqual(await run(withoutBundling), answered(42));
    });

    it("loads a package outside the bundle by import(), as behind a proxy", async () => {
      write("lib/run.ts", 'export const run = async () => typeof (await import("undici")).ProxyAgent;\n');
      write("index.ts", 'import { run } from "./lib/run.js";\nexport default async () => console.log(await run());\n');
      const proxied = { code: 0, out: "function\n", err: "" };
      assert.deepEqual([await run(), await run()], [proxied, proxied]);
      assert.deepEqual(await run(withoutBundling), proxied);
    });

    it("does without code that V8 refuses", async () => {
      assert.deepEqual(await run(withoutBundling, "--no-opt"), answered(42));
    });

    it("runs where nothing can be kept", async () => {
      rmSync(join(program.root, "node_modules", ".cache"), { recursive: true });
      write("node_modules/.cache", "in the way");
      assert.deepEqual(await run(), answered(42));
    });

    describe("of another user, in a checkout that may only be read", () => {
      let home = "";

      beforeEach(function () {
        if (![dirname(process.execPath), checkout, tmpdir()].every((folder) => isReachable(folder))) this.skip();
        home = mkdtempSync(join(tmpdir(), "fleet-program-home-"));
        chmodSync(home, 0o777);
      });
      afterEach(() => rmSync(home, { recursive: true, force: true }));

      /** Writes to the folder of the program, and prints the error. */
      const intrusive = `import { writeFileSync } from "node:fs";
export const run = (): string => {
  try {
    writeFileSync("new", "");
    return "written";
  } catch (error) {
    return (error as { code: string }).code;
  }
};
`;

      it("runs without it, and keeps nothing elsewhere", async () => {
        rmSync(join(program.root, "node_modules", ".cache"), { recursive: true });
        write("lib/run.ts", intrusive);
        program.makeReadOnly();
        for (const HOME of [home, program.root, join(home, "missing")]) {
          assert.deepEqual(await run({ HOME }), { code: 0, out: "EACCES\n", err: "" });
        }
        assert.deepEqual(readdirSync(home), []);
        assert.ok(!existsSync(join(program.root, "node_modules", ".cache")));
      });

      it("runs each change of its owner, whose cache it cannot read", async () => {
        // The files are their owner's alone. Without another user, their modes are the obstacle.
        for (const { name } of keptFiles()) chmodSync(join(kept, name), 0o000);
        program.makeReadOnly();
        assert.deepEqual(await run({ HOME: home }), answered(42));
        write("lib/run.ts", "export const run = (): number => 43;\n");
        assert.deepEqual(await run({ HOME: home }), answered(43));
        assert.deepEqual(readdirSync(home), []);
      });
    });

    it("serves runs side by side, the first ones too", async () => {
      write("lib/run.ts", "export const run = (): number => 46;\n");
      const runs = await Promise.all([run(), run(), run()]);
      assert.deepEqual(runs, [answered(46), answered(46), answered(46)]);
      await run();
      assert.deepEqual(await run(withoutBundling), answered(46));
    });
  });
});
