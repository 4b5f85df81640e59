import assert from "node:assert/strict";
import { checkout } from "../../../../cli/checkout.js";
import { SmallProgram } from "../../../support/unit/small-program.js";

describe("the preload of the program, with Pulumi's SDK", () => {
  let program: SmallProgram;

  beforeEach(() => {
    program = SmallProgram.create(checkout);
  });
  afterEach(() => program.remove());

  const withSdk = (text: string, env: Readonly<Record<string, string>> = {}, ...flags: readonly string[]) => {
    program.write(
      "index.ts",
      `import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
export default async () => {
${text}};
`,
    );
    return program.run(env, ...flags);
  };
  const loaded = (name: string) =>
    `Object.keys(createRequire(import.meta.filename).cache).filter((file) => file.includes("/node_modules/${name}/lib/")).length`;

  it("loads no package that only serializes functions", async () => {
    const count = `${loaded("normalize-package-data")} + ${loaded("typescript")}`;
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
    const text = `const github = require("@pulumi/github");
console.log(typeof github.Repository, ${files("repository")}, ${files("team")});
`;
    assert.deepEqual(await withSdk(text), { code: 0, out: "function true false\n", err: "" });
  });

  it("loads them where a function is serialized", async () => {
    const text = `const answer = 42;
const { text } = await pulumi.runtime.serializeFunction(() => answer);
console.log(text.includes("answer: 42"), ${loaded("typescript")} > 0);
`;
    const { code, out } = await withSdk(text);
    assert.deepEqual({ code, out }, { code: 0, out: "true true\n" });
  });

  it("sends no debug messages, unless they are asked for", async () => {
    const text = `require("@pulumi/pulumi/runtime/settings").getEngine = () => ({
  log: (request, done) => { console.log(request.getMessage()); done(); },
});
await pulumi.log.debug("a debug message");
await pulumi.log.warn("a warning");
`;
    assert.deepEqual(await withSdk(text), { code: 0, out: "a warning\n", err: "" });
    const asked = await withSdk(text, { FLEET_SDK_DEBUG: "true" });
    assert.deepEqual(asked, { code: 0, out: "a debug message\na warning\n", err: "" });
  });

  it("fails when it ends with promises that never settled", async () => {
    const text = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
debuggablePromise(new Promise(() => undefined), "the one that never settles");
`;
    const { code, err } = await withSdk(text);
    assert.equal(code, 1);
    assert.match(err, /detected that 1 promise/);
  });

  it("leaves the traces of errors as long as they are", async () => {
    const text = `const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
await debuggablePromise(Promise.resolve(), "one that settles");
console.log(new Error("an error").stack.split("\\n").length > 1);
`;
    assert.deepEqual(await withSdk(text), { code: 0, out: "true\n", err: "" });
  });

  describe("registering a resource", () => {
    const things = `import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Thing", name);
  }
}
export function inFunction(): void {
  new Thing("a");
}
export function inCallback(): void {
  [1].forEach(() => {
    new Thing("b");
  });
}
export function inDepth(levels: number): void {
  if (levels === 0) return inFunction();
  inDepth(levels - 1);
}
`;
    /** Prints the position of each resource, and the frames of its trace, as the engine gets them. */
    const listening = `await pulumi.runtime.setMocks({
  newResource: ({ name }) => {
    console.log("an error in a package:", new Error().stack.includes("/node_modules/@pulumi/pulumi/runtime/mocks.js:"));
    return { id: name, state: {} };
  },
  call: () => ({}),
});
const monitor = pulumi.runtime.getMonitor();
const register = monitor.registerResource.bind(monitor);
const place = (position) => position ? position.getUri().split("/").at(-1) + ":" + position.getLine() : "none";
monitor.registerResource = (request, callback) => {
  const frames = request.getStacktrace().getFramesList().map((frame) => place(frame.getPc()));
  console.log(place(request.getSourceposition()), frames.join(" "));
  return register(request, callback);
};
const { inFunction, inCallback, inDepth } = await import("./lib/run.js");
`;
    const register = async (text: string) => {
      program.write("lib/run.ts", things);
      const { code, out, err } = await withSdk(`${listening}${text}`);
      assert.deepEqual({ code, err }, { code: 0, err: "" });
      return out;
    };

    it("sends the first frame, and after it those of the program alone", async () => {
      const [position, ...frames] =
        (await register("[1].forEach(() => inFunction());\n")).split("\n")[0]?.split(" ") ?? [];
      assert.equal(position, "run.ts:8");
      assert.deepEqual(frames, ["run.ts:8", `index.ts:${3 + listening.split("\n").length}`]);
    });

    it("sends no other position for a resource that has none", async () => {
      assert.match(await register("inCallback();\n"), /^none none run\.ts:11 index\.ts:\d+\n/);
    });

    it("sends a bounded number of frames", async () => {
      const [first = ""] = (await register("inDepth(100);\n")).split("\n");
      assert.equal(first, `run.ts:8 run.ts:8 run.ts:16${" run.ts:17".repeat(14)}`);
    });

    it("sends the frames of a program whose folder lies below a folder node_modules", async () => {
      program.remove();
      program = SmallProgram.create(checkout, "node_modules");
      assert.match(await register("inDepth(1);\n"), /^run\.ts:8 run\.ts:8 run\.ts:16 run\.ts:17 index\.ts:\d+\n/);
    });

    it("sends all frames if whole traces are asked for", async () => {
      program.write("lib/run.ts", things);
      const { code, out } = await withSdk(`${listening}inDepth(100);\n`, { FLEET_SDK_DEBUG: "true" });
      assert.equal(code, 0);
      assert.ok((out.split("\n")[0]?.split(" run.ts:17").length ?? 0) > 100, out);
    });

    it("leaves an SDK that has no such traces as it is", async () => {
      const sdk = 'createRequire(import.meta.url)("@pulumi/pulumi/resource")';
      program.write(
        "other-sdk.mjs",
        `import { createRequire } from "node:module";\ndelete ${sdk}.Resource.stackTrace;\n`,
      );
      const text = 'console.log(require("@pulumi/pulumi/resource").Resource.stackTrace);\n';
      const result = await withSdk(text, {}, "--import", "./other-sdk.mjs");
      assert.deepEqual(result, { code: 0, out: "undefined\n", err: "" });
    });

    it("leaves the frames of packages in errors", async () => {
      assert.match(await register("inFunction();\n"), /\nan error in a package: true\n/);
    });
  });

  it("sends and receives the values of resources unchanged", async () => {
    const text = `const { isDeepStrictEqual } = require("node:util");
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
    assert.deepEqual(await withSdk(text), { code: 0, out, err: "" });
  });
});
