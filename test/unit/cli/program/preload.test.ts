import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../../cli/checkout.js";

describe("the preload of the program", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-program-"));
    cpSync(join(checkout, "cli", "program"), join(root, "cli", "program"), { recursive: true });
    symlinkSync(join(checkout, "node_modules"), join(root, "node_modules"));
    mkdirSync(join(root, "lib"));
    write("package.json", '{ "type": "module" }');
    write("index.ts", 'import { run } from "./lib/run.js";\nconst answer: number = run();\nconsole.log(answer);\n');
    write("lib/run.ts", "export const run = (): number => 42;\n");
  });
  afterEach(() => {
    chmodSync(root, 0o755);
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, content: string) => writeFileSync(join(root, file), content);

  /** Runs index.ts as Pulumi's language host does: imported by a file of another folder, which maps stack traces. */
  function run(): Promise<{ code: number; out: string; err: string }> {
    const host = `require("source-map-support/register"); import(${JSON.stringify(join(root, "index.ts"))})`;
    const args = ["--import", "./cli/program/preload.mjs", "--eval", host];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: root, env: {} }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
  }

  it("runs index.ts and what it imports", async () => {
    assert.deepEqual(await run(), { code: 0, out: "42\n", err: "" });
  });

  it("runs every change of a file, also where nothing can be written", async () => {
    await run();
    write("lib/run.ts", "export const run = (): number => 43;\n");
    chmodSync(root, 0o555);
    assert.deepEqual(await run(), { code: 0, out: "43\n", err: "" });
  });

  it("names file, line and column of the source in a stack trace", async () => {
    const failing =
      "type Answer = number;\n\nexport function run(): Answer {\n  throw new TypeError('no answer');\n}\n";
    write("lib/run.ts", failing);
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, new RegExp(`TypeError: no answer\n    at run \\(${root}/lib/run\\.ts:4:9\\)\n`));
    assert.match(err, new RegExp(`    at ${root}/index\\.ts:2:24\n`));
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

  describe("with Pulumi's SDK", () => {
    const withSdk = (program: string) => {
      write(
        "index.ts",
        `import * as pulumi from "@pulumi/pulumi";\nimport { createRequire } from "node:module";\n${program}`,
      );
      return run();
    };
    const loaded = (name: string) =>
      `Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("/node_modules/${name}/lib/")).length`;

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
        `Object.keys(createRequire(import.meta.url).cache).some((file) => file.endsWith("/@pulumi/github/${kind}.js"))`;
      const program = `import * as github from "@pulumi/github";
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

    it("sends and receives the values of resources unchanged", async () => {
      const program = `import { isDeepStrictEqual } from "node:util";
const load = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
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
