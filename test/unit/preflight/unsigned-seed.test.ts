import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { findPlatformFiles } from "../../../preflight/platform.js";
import { newSshKey } from "../../support/signing-keys.js";
import { FakeGitHub } from "../../support/unit/fake-github.js";
import { ownRepository } from "../../support/unit/fleet.js";
import { fleetSpec } from "../../support/unit/spec.js";

const plain = fleetSpec();
const verify = { mode: "HEAD", keys: { ann: newSshKey() } } as const;
const signed: FleetSpec = { ...plain, platform: { ...plain.platform, verify } };
const tree = [{ type: "blob", path: "fleet/README.md" }];

describe("files that the program would add to a repository of which Flux demands signatures", () => {
  const github = new FakeGitHub({ platform: { truncated: false, tree } });
  before(() => github.start());
  after(() => github.stop());
  const find = (spec: FleetSpec, names: readonly string[], ...platformSeed: readonly string[]) =>
    findPlatformFiles(spec, new Map(names.map(ownRepository)), { environment: github.environment, platformSeed });

  it("are refused, each by its name: the program cannot sign", async () => {
    await assert.rejects(
      find(signed, ["platform"], "fleet/README.md", "fleet/clusters/prod-eu/a.yaml"),
      /Pulumi\.staging\.yaml: fleet:platformRepository\.verify: demands signed commits of acme\/platform, which lacks .* without a signature: fleet\/clusters\/prod-eu\/a\.yaml\. Commit these files there by a signed commit first/,
    );
  });

  it("are refused of a repository that does not exist yet", async () => {
    await assert.rejects(find(signed, [], "fleet/README.md"), /of the new repository acme\/platform, which lacks/);
  });

  it("are none where the repository has them all, or Flux demands no signature", async () => {
    assert.deepEqual([...(await find(signed, ["platform"], "fleet/README.md"))], ["fleet/README.md"]);
    assert.deepEqual([...(await find(plain, ["platform"], "fleet/README.md", "fleet/a.yaml"))], ["fleet/README.md"]);
    assert.deepEqual([...(await find(plain, [], "fleet/README.md"))], []);
  });
});
