import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { defaultStack } from "../../../cli/stacks.js";

describe("the stack of a command without an argument", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-stacks-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (stack: string, config: string) =>
    writeFileSync(join(root, `Pulumi.${stack}.yaml`), `config:\n  ${config}\n`);

  const chosen = () => {
    const command = new Command().configureOutput({ writeErr: () => undefined }).exitOverride();
    return defaultStack(command, root);
  };

  for (const [what, owners, message] of [
    ["there is none", {}, /this checkout has no stack\. Name one\./],
    ["two create repositories", { live: "live", test: "test" }, /which stack comes first\. Name one of live, test\./],
    ["no setting names one of several", { live: "other", test: "other" }, /Name one of live, test\./],
  ] as const) {
    it(`is refused when ${what}`, async () => {
      for (const [stack, owner] of Object.entries(owners)) write(stack, `fleet:repositoryOwner: ${owner}`);
      await assert.rejects(chosen(), message);
    });
  }

  it("is the one that creates the repositories", async () => {
    write("another", "fleet:repositoryOwner: live");
    write("live", "fleet:repositoryOwner: live");
    assert.equal(await chosen(), "live");
  });

  it("is the only one, also when its settings cannot be read", async () => {
    writeFileSync(join(root, "Pulumi.live.yaml"), "config: [");
    assert.equal(await chosen(), "live");
  });

  it("may have an overlay folder alone", async () => {
    mkdirSync(join(root, "stacks", "live", "tenants"), { recursive: true });
    assert.equal(await chosen(), "live");
  });
});
