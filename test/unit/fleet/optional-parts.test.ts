import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platformFindings } from "../../../cli/platform/platform-findings.js";
import { findingLine, isBlocking } from "../../../review/rules/judge.js";
import { root } from "../../support/unit/fleet.js";
import { fluxManifestsFor, kustomizeFor } from "../../support/unit/kustomize.js";
import { stackNames, stackSpec } from "../../support/unit/stack-config.js";

const today = new Date().toISOString().slice(0, 10);
/** The line of a part that is left out, in a kustomization.yaml of fleet/. */
const leftOut = /^ {2}# - ((?:\.\.\/)+(?:controllers|configuration)\/\S+)$/gm;

/** Rules judge what kustomize builds, and so no part whose line is left out. Here each part has its line. */
describe("the parts of fleet/ that are off by default", () => {
  let folder: string;
  /** Parts that were switched on, by the file with their line. */
  const parts: string[] = [];

  before(() => {
    folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "fleet-parts-"));
    cpSync(join(root, "fleet"), join(folder, "fleet"), { recursive: true });
    for (const name of readdirSync(join(folder, "fleet"), { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith("kustomization.yaml")) continue;
      const file = join(folder, "fleet", name);
      const changed = readFileSync(file, "utf8").replaceAll(leftOut, (line, part: string) => {
        if (!existsSync(join(dirname(file), part))) return line;
        parts.push(`${name}: ${part}`);
        return `  - ${part}`;
      });
      writeFileSync(file, changed);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const stack of stackNames(root)) {
    it(`keep the rules of the platform on ${stack}, but for what docs/infrastructure.md has an engineer patch`, async function () {
      await kustomizeFor(this);
      // A fork may leave none out.
      if (parts.length === 0) return;
      const spec = stackSpec(root, stack);
      const manifests = await fluxManifestsFor(this, spec.flux.version);
      const flux = { manifests, withoutFlux: false, environment: process.env };
      const { findings } = await platformFindings({
        root: folder,
        lockRoot: root,
        specs: [spec],
        waivers: [],
        today,
        ...flux,
      });
      const blocking = findings.filter(isBlocking).map(findingLine);
      // ACME proves no wildcard by HTTP: the patch of prod-eu's configuration names each host of the Gateway.
      const others = blocking.filter((line) => !/\[platform-certificates\b.*platform-gateway/.test(line));
      assert.deepEqual(others, []);
    });
  }
});
