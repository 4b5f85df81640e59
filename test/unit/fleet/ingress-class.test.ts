import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platformFindings } from "../../../cli/platform/platform-findings.js";
import { findingLine, isBlocking } from "../../../review/rules/judge.js";
import { fixtures } from "../../support/fixtures.js";
import { root } from "../../support/unit/fleet.js";
import { fluxManifestsFor, kustomizeFor } from "../../support/unit/kustomize.js";
import { stackSpec } from "../../support/unit/stack-config.js";

const page = "docs/infrastructure/ingress-class.md";
const own = "fleet/infrastructure/staging/kustomization.yaml";

/** The part that a page of the docs shows, added to the fixtures by its line. */
describe(`the part of ${page}`, () => {
  const text = readFileSync(join(root, page), "utf8");
  const files = [...text.matchAll(/^`(fleet\/\S+\.yaml)`:\n\n```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, file = "", content = ""]) => [file, content] as const,
  );
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-ingress-class-"));
    cpSync(join(fixtures, "fleet"), join(folder, "fleet"), { recursive: true });
    for (const [file, content] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const lists = readFileSync(join(folder, own), "utf8");
    writeFileSync(join(folder, own), `${lists.trimEnd()}\n  - ../controllers/traefik\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const blocking = async (manifests: string | undefined) => {
    const { findings } = await platformFindings({
      root: folder,
      lockRoot: root,
      specs: [stackSpec(fixtures, "staging")],
      manifests,
      withoutFlux: false,
      waivers: [],
      today: "2027-01-01",
      environment: process.env,
    });
    return findings.filter(isBlocking).map(findingLine);
  };

  it("has each file that its kustomization names, and keeps the rules of the platform", async function () {
    await kustomizeFor(this);
    assert.equal(files.length, 5);
    for (const [file] of files) assert.ok(existsSync(join(folder, file)));
    const { version } = stackSpec(fixtures, "staging").flux;
    const manifests = await fluxManifestsFor(this, version);
    assert.deepEqual(await blocking(manifests), []);

    const release = join(folder, "fleet/infrastructure/controllers/traefik/release.yaml");
    writeFileSync(
      release,
      readFileSync(release, "utf8").replace("serviceAccountName: platform-reconciler", "suspend: false"),
    );
    assert.match((await blocking(manifests)).join("\n"), /\[platform-accounts, mandatory\] HelmRelease/);
  });
});
