import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platformFindings } from "../../../cli/platform/platform-findings.js";
import { findingLine } from "../../../review/rules/judge.js";
import { root } from "../../support/unit/fleet.js";
import { kustomizeFor } from "../../support/unit/kustomize.js";
import { stackSpec } from "../../support/unit/stack-config.js";

const parts = ["cert-manager", "flagger"].map((part) => `fleet/infrastructure/controllers/${part}/release.yaml`);
const needed = [...parts, "fleet/infrastructure/staging/kustomization.yaml", "Pulumi.prod-eu.yaml"];

/** The checkout's files, once Renovate has written the digests of charts. */
describe("the digests of the charts of fleet/", () => {
  // A fork may have replaced the parts.
  if (!needed.every((file) => existsSync(join(root, file)))) return;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-digests-"));
    cpSync(join(root, "fleet"), join(folder, "fleet"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const pin = (file: string) => {
    const text = readFileSync(join(folder, file), "utf8");
    const pinned = text.replace(/^( +)tag: .*$/m, (tag, indent) => `${tag}\n${indent}digest: sha256:${"0".repeat(64)}`);
    assert.notEqual(pinned, text);
    writeFileSync(join(folder, file), pinned);
  };
  const lines = async (stack: string) => {
    const { findings } = await platformFindings({
      root: folder,
      lockRoot: root,
      specs: [stackSpec(root, stack)],
      withoutFlux: true,
      waivers: [],
      today: "2027-01-01",
      environment: process.env,
    });
    return findings.map(findingLine).filter((line) => line.includes("digests"));
  };

  it("pin production, and leave staging to the tags, which the sandbox can fetch", async function () {
    await kustomizeFor(this);
    for (const file of parts) pin(file);
    assert.deepEqual(await lines("prod-eu"), []);
    const unpinned = await lines("staging");
    assert.equal(unpinned.length, parts.length);
    for (const line of unpinned) assert.match(line, /\[platform-digests, advisory\]/);
  });

  it("are all there in production, or none", async function () {
    await kustomizeFor(this);
    pin(parts[0] ?? "");
    const [line = "", ...others] = await lines("prod-eu");
    assert.deepEqual(others, []);
    assert.match(
      line,
      /flagger\/release\.yaml:\d+: spec\.ref\.digest: \[platform-all-digests, mandatory\] OCIRepository/,
    );
  });
});
