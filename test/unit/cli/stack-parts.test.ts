import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentParts } from "@fleet/sandbox/toolchain/wanted-parts";
import { stackParts } from "../../../cli/start/stack-parts.js";
import { EXTRA_COMPONENTS } from "../../../config/stack/controllers.js";

describe("the parts of a stack", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-parts-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const partsOf = (text: string) => {
    writeFileSync(join(root, "Pulumi.live.yaml"), text);
    return stackParts(root, "live").filter((name) => !environmentParts().includes(name));
  };

  it("are those of every stack where its file is missing or broken: the preview reports that", () => {
    assert.deepEqual(stackParts(root, "missing"), environmentParts());
    assert.deepEqual(partsOf("config: [\n"), []);
    assert.deepEqual(partsOf("config:\n  fleet:extraComponents: 7\n"), []);
    assert.deepEqual(partsOf("config:\n  fleet:extraComponents: [flux, kubectl]\n"), []);
  });

  it("have no controller that the stack only sets up, or names elsewhere", () => {
    assert.deepEqual(partsOf("config:\n  fleet:controllers:\n    image-reflector-controller: {}\n"), []);
  });

  for (const name of EXTRA_COMPONENTS) {
    it(`have ${name}, if its settings install it`, () => {
      assert.deepEqual(partsOf(`config:\n  fleet:extraComponents:\n    - ${name}\n`), [name]);
      assert.deepEqual(partsOf(`config:\n  extraComponents: '["${name}"]'\n`), [name]);
    });
  }
});
