import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { checkout } from "../../../../cli/checkout.js";

describe("a recorder's flag of V8", () => {
  it("is one that this V8 has, which would print an error otherwise", async () => {
    const module = pathToFileURL(join(checkout, "cli/diff/optimize-less.mjs")).href;
    const code = `import { optimizeLess } from ${JSON.stringify(module)}; optimizeLess();`;
    const { stderr } = await execa(process.execPath, ["--input-type=module", "--eval", code], { stdin: "ignore" });
    assert.equal(stderr, "");
  });
});
