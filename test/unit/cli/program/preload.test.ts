import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../../cli/checkout.js";
import { linkPackages } from "../../../support/linked-packages.js";

describe("the preload of the program", () => {
  let root: string;
  let kept: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "fleet-program-")));
    kept = join(root, "node_modules", ".cache", "fleet");
    cpSync(join(checkout, "cli", "program"), join(root, "cli", "program"), { recursive: true });
    linkPackages(root);
    mkdirSync(join(root, "lib"));
    write("package.json", '{ "type": "module" }');
    write(
      "index.ts",
      'import { run } from "./lib/run.js";\nexport default () => {\n  const answer: number = run();\n  console.log(answer);\n};\n',
    );
    write("lib/run.ts", "export const run = (): number => 42;\n");
  });
  afterEach(() => {
    chmodSync(root, 0o755);
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, content: string) => writeFileSync(join(root, file), content);

  /** Runs index.ts as Pulumi's language host does: imported by a file of another folder, which maps stack traces. */
  function run(
    env: Readonly<Record<string, string>> = {},
    ...flags: readonly string[]
  ): Promise<{ code: number; out: string; err: string }> {
    const program = `import(${JSON.stringify(join(root, "index.ts"))}).then((program) => program.default())`;
    const host = `require("source-map-support/register"); ${program}`;
    const args = [...flags, "--import", "./cli/program/preload.mjs", "--eval", host];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: root, env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

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
    assert.match(err, new RegExp(`TypeError: no answer\n    at run \\(${root}/lib/run\\.ts:4:9\\)\n`));
    assert.match(err, new RegExp(`    at .*\\(${root}/index\\.ts:3:26\\)\n`));
  });

  it("names the line of a file that cannot be parsed", async () => {
    write("lib/run.ts", "export const run = ;\n");
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /SyntaxError: .*Unexpected ";"\n\n\s+lib\/run\.ts:1:19:/);
  });

  it("names the import that leads nowhere", async () => {
    rmSync(join(root, "lib/run.ts"));
    assert.match((await run()).err, /Could not resolve "\.\/lib\/run\.js"\n\n\s+index\.ts:1:20:/);
  });

  it("refuses a folder without index.ts", async () => {
    rmSync(join(root, "index.ts"));
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
      assert.match(err, new RegExp(`TypeError: no answer\n    at run \\(${root}/lib/run\\.ts:2:9\\)\n`));
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
      write("cli/program/bundle.mjs", `${readFileSync(join(root, "cli/program/bundle.mjs"), "utf8")}\n`);
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
      rmSync(join(root, "node_modules", ".cache"), { recursive: true });
      write("node_modules/.cache", "in the way");
      chmodSync(root, 0o555);
      assert.deepEqual(await run(), answered(42));
    });

    it("serves runs side by side, the first ones too", async () => {
      write("lib/run.ts", "export const run = (): number => 46;\n");
      const runs = await Promise.all([run(), run(), run()]);
      assert.deepEqual(runs, [answered(46), answered(46), answered(46)]);
      await run();
      assert.deepEqual(await run(withoutBundling), answered(46));
    });
  });

  describe("with Pulumi's SDK", () => {
    const withSdk = (program: string, env: Readonly<Record<string, string>> = {}) => {
      write(
        "index.ts",
        `import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
export default async () => {
${program}};
`,
      );
      return run(env);
    };
    const loaded = (name: string) =>
      `Object.keys(createRequire(import.meta.filename).cache).filter((file) => file.includes("/node_modules/${name}/lib/")).length`;

    it("loads no package that only serializes functions", async () => {
      const count = `${loaded("@npmcli/arborist")} + ${loaded("typescript")}`;
      // The stand-ins themselves.
      assert.deepEqual(await withSdk(`console.log(pulumi.getStack.name, ${count});\n`), {
        code: 0,
        out: "getStack 2\n",
        err: "",
      });
    });

    it("loads no file of a kind of resource that is not used", async () => {
      const files = (kind: string) =>
        `Object.keys(createRequire(import.meta.filename).cache).some((file) => file.endsWith("/@pulumi/github/${kind}.js"))`;
      const program = `const github = require("@pulumi/github");
console.log(typeof github.Repository, ${files("repository")}, ${files("team")});
`;
      assert.deepEqual(await withSdk(program), { code: 0, out: "function true false\n", err: "" });
    });

    it("loads them where a function is serialized", async () => {
      const program = `const answer = 42;
const { text } = await pulumi.runtime.serializeFunction(() => answer);
console.log(text.includes("answer: 42"), ${loaded("typescript")} > 0);
`;
      const { code, out } = await withSdk(program);
      assert.deepEqual({ code, out }, { code: 0, out: "true true\n" });
    });

    it("sends no debug messages, unless they are asked for", async () => {
      const program = `require("@pulumi/pulumi/runtime/settings").getEngine = () => ({
  log: (request, done) => { console.log(request.getMessage()); done(); },
});
await pulumi.log.debug("a debug message");
await pulumi.log.warn("a warning");
`;
      assert.deepEqual(await withSdk(program), { code: 0, out: "a warning\n", err: "" });
      const asked = await withSdk(program, { FLEET_SDK_DEBUG: "true" });
      assert.deepEqual(asked, { code: 0, out: "a debug message\na warning\n", err: "" });
    });

    it("fails when it ends with promises that never settled", async () => {
      const program = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
debuggablePromise(new Promise(() => undefined), "the one that never settles");
`;
      const { code, err } = await withSdk(program);
      assert.equal(code, 1);
      assert.match(err, /detected that 1 promise/);
    });

    it("leaves the traces of errors as long as they are", async () => {
      const program = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
await debuggablePromise(Promise.resolve(), "one that settles");
console.log(new Error("an error").stack.split("\\n").length > 1);
`;
      assert.deepEqual(await withSdk(program), { code: 0, out: "true\n", err: "" });
    });

    it("sends and receives the values of resources unchanged", async () => {
      const program = `const { isDeepStrictEqual } = require("node:util");
const load = createRequire(createRequire(import.meta.filename).resolve("@pulumi/pulumi"));
const { Struct } = load("google-protobuf/google/protobuf/struct_pb");
const { RegisterResourceRequest } = load("@pulumi/pulumi/proto/resource_pb");
const inputs = { metadata: { name: "größe", labels: {} }, list: [1.5, null, [true, false]], last: "" };
const request = new RegisterResourceRequest();
request.setType("a");
request.setObject(Struct.fromJavaScript(inputs));
request.setVersion("b");
const received = RegisterResourceRequest.deserializeBinary(request.serializeBinary());
const object = received.getObject();
console.log(received.getType(), received.getVersion(), JSON.stringify(object.toJavaScript()));
console.log(object.getFieldsMap().get("list").toJavaScript().length, isDeepStrictEqual(object.toJavaScript(), inputs));
object.getFieldsMap().del("list");
const { list, ...others } = inputs;
console.log(isDeepStrictEqual(Struct.deserializeBinary(object.serializeBinary()).toJavaScript(), others));
console.log(JSON.stringify(new Struct().toJavaScript()), new Struct().serializeBinary().length);
`;
      const out = `a b {"metadata":{"name":"größe","labels":{}},"list":[1.5,null,[true,false]],"last":""}
3 true
true
{} 0
`;
      assert.deepEqual(await withSdk(program), { code: 0, out, err: "" });
    });
  });
});
