import assert from "node:assert/strict";
import { readFolder } from "../../../../config/files/read-folder.js";
import { PLATFORM_RENOVATE_PATH, readPlatformSeed } from "../../../../config/platform/seed.js";
import { PLATFORM_WORKFLOW_PATH } from "../../../../policies/platform-workflow.js";
import { fixtures } from "../../../support/fixtures.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec } from "../../../support/unit/spec.js";

const fileType = "github:index/repositoryFile:RepositoryFile";

describe("the first files of the platform's repository", () => {
  const { [PLATFORM_RENOVATE_PATH]: renovate = "", ...others } = readPlatformSeed(fixtures);

  it("are those of fleet/, and Renovate's settings", () => {
    assert.deepEqual(others, readFolder(fixtures, "fleet"));
    assert.notDeepEqual(others, {});
    assert.notEqual(renovate, "");
  });

  it("have Renovate's flux manager read every manifest, and no manager touch what the program keeps", () => {
    const config = JSON.parse(renovate) as {
      readonly enabledManagers: readonly string[];
      readonly flux: { readonly managerFilePatterns: readonly string[] };
    };
    assert.deepEqual(config.enabledManagers, ["flux"]);
    const patterns = config.flux.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const read = (file: string) => patterns.some((pattern) => pattern.test(file));
    const manifests = Object.keys(others).filter((file) => /\.ya?ml$/.test(file));
    assert.deepEqual(Object.keys(others).filter(read), manifests);
    assert.ok(!read(PLATFORM_WORKFLOW_PATH));
  });

  it("are written once: a later commit to Renovate's settings stays, and the cluster waits for none", async () => {
    const fleet = await recordFleet(fleetSpec());
    const file = fleet.find(fileType, `fleet-platform-seed-${PLATFORM_RENOVATE_PATH}`);
    assert.equal(file.inputs.content, renovate);
    assert.ok(file.ignoreChanges.includes("content"));
    const source = fleet.find("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", "fleet-platform-sync-source");
    assert.ok(!fleet.waitsFor(source, file));
  });
});
