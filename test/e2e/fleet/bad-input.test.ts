import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readLock } from "../../../flux/release/lock.js";
import { clusterInventory, namesOf } from "../../support/e2e/cluster-inventory.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { fluxVersion as version } from "../../support/flux-version.js";
import { bareNames } from "./bare-names.js";

const anyUp = ["up", "--yes", "--skip-preview"];

describe("bad input", function () {
  this.timeout(15 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let bare: string[];

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    bare = await bareNames(environment.kubernetes);
    await github.resetRequests();
  });

  /** Each refusal came before the first request to GitHub or to the cluster. */
  afterEach(async () => {
    assert.deepEqual((await github.requests()).requests, []);
    assert.deepEqual(namesOf(await clusterInventory(environment.kubernetes)), bare);
    assert.deepEqual(await environment.engine.registered(), []);
  });

  const refused = async (args: readonly string[], cwd: string, env: Record<string, string | undefined> = {}) => {
    const { exitCode, all } = await environment.engine.run(args, { cwd, env });
    assert.notEqual(exitCode, 0, `pulumi ${args[0]} took it:\n${all}`);
    // A foreseen problem needs no stack trace.
    assert.doesNotMatch(all, /\n\s+at .*:\d+:\d+\)?\n/);
    return all;
  };

  it("in tenant files, settings, lock and environment is reported at once, each with its file and field", async () => {
    const cwd = await copyProgram(await sandbox.scratch("program"));
    const tenants = (folder: string) => join(cwd, "stacks", folder, "tenants");
    await appendFile(join(tenants("base"), "team-payments.yaml"), "owner: me\n");
    await appendFile(join(tenants("staging"), "team-payments.yaml"), "colour: blue\n");
    await writeFile(join(tenants("staging"), "team-search.yaml"), "namespace:\n  name: payments\n");
    const infrastructure = join(cwd, "fleet/infrastructure/staging");
    await appendFile(join(infrastructure, "kustomization.yaml"), "  - chart.yaml\n");
    await writeFile(
      join(infrastructure, "chart.yaml"),
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: shop}\nspec:\n  url: oci://ghcr.io/acme/shop\n  ref: {tag: latest}\n",
    );
    await editYaml(cwd, "Pulumi.staging.yaml", [
      [["config", "fleet:logLevel"], "loud"],
      [["config", "fleet:fluxVersion"], "v2.999.0"],
      [["config", "fleet:variables"], { environment: "staging" }],
      [["config", "pulumi:disable-default-providers"], ["kubernetes"]],
    ]);
    const token = environment.variables.GITHUB_TOKEN ?? "";
    const said = await refused(anyUp, cwd, {
      GITHUB_TOKEN: undefined,
      GITHUB_BASE_URL: "http://github.example.com/",
      KUBECONFIG: undefined,
      KUBERNETES_SERVICE_HOST: undefined,
    });
    for (const expected of [
      /stacks\/base\/tenants\/team-payments\.yaml:\d+: owner: there is no such field/,
      /stacks\/staging\/tenants\/team-payments\.yaml:\d+: colour: there is no such field/,
      /stacks\/staging\/tenants\/team-search\.yaml:2: namespace\.name: "payments" is the namespace of team-payments/,
      /Pulumi\.staging\.yaml: fleet:logLevel: /,
      /Pulumi\.staging\.yaml: pulumi:disable-default-providers: leaves default providers enabled \(github, tls\)/,
      /fleet\/infrastructure\/base\/cluster-info\.yaml:10: data\.region: \$\{region\} has no value on this cluster/,
      /fleet\/infrastructure\/staging\/chart\.yaml:6: spec\.ref\.tag: OCIRepository shop follows the tag "latest"\. .*npx fleet lock charts/,
      /flux\.lock\.json: v2\.999\.0: Flux v2\.999\.0 has no entry.*locked: .*v2\.9\.2/,
      /environment: GITHUB_BASE_URL: is an http URL/,
      /environment: GITHUB_TOKEN: is not set/,
      /environment: KUBECONFIG: is not set/,
    ]) {
      assert.match(said, expected);
    }
    assert.ok(!said.includes(token));
  });

  it("in a manifest that is not the locked one names the file and both digests", async () => {
    const cwd = await copyProgram(await sandbox.scratch("program"));
    const directory = await sandbox.scratch("manifests");
    const file = join(directory, version, "install.yaml");
    const released = await readFile(join(sandbox.toolchain.manifests, version, "install.yaml"), "utf8");
    await mkdir(join(directory, version));
    await writeFile(file, released.replace("--log-level=info", "--log-level=debug"));
    const said = await refused(anyUp, cwd, { FLEET_MANIFESTS: directory });
    assert.ok(said.includes(`${file}: is not the manifest of Flux ${version} that flux.lock.json pins`), said);
    const expected = readLock(cwd)[version]?.digest ?? "none";
    assert.ok(said.includes(`the digest ${expected}, found 43 with sha256:`), said);
    await rm(directory, { recursive: true });
  });
});
