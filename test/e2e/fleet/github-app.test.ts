import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { Emulator } from "../../support/e2e/emulator.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";
import { writesOf } from "./views.js";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = pair.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const permissions = { administration: "write", contents: "write" } as const;
const tokens = "POST /api/v3/app/installations/:id/access_tokens";

describe("pulumi up as a GitHub App", function () {
  this.timeout(20 * 60_000);
  let environment: TestEnvironment;
  let github: Emulator;
  let cwd: string;

  before(async () => {
    const sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    cwd = await copyProgram(await sandbox.scratch("github-app"));
    await environment.engine.ensureUp();
  });
  after(() => github.clearFaults());

  /** Installs the App anew. @returns the variables for the program, without a token */
  async function installed(app: Partial<Parameters<Emulator["installApp"]>[0]> = {}) {
    const { id, installationId } = await github.installApp({ slug: "fleet", publicKey, permissions, ...app });
    await editYaml(cwd, "Pulumi.staging.yaml", [[["config", "fleet:platformRepository"], { protection: { app: id } }]]);
    await github.resetRequests();
    return {
      GITHUB_TOKEN: undefined,
      GITHUB_APP_ID: String(id),
      GITHUB_APP_INSTALLATION_ID: String(installationId),
      GITHUB_APP_PEM_FILE: pem,
    };
  }

  it("is refused before the first write without a permission, and with a clock that is wrong", async () => {
    const lacking = await environment.engine.upFails({
      cwd,
      env: await installed({ permissions: { contents: "write" } }),
    });
    assert.match(lacking, /is an App without the permission Administration: write, which is for repositories, deploy/);
    assert.deepEqual(await writesOf(github), []);
    const late = await environment.engine.upFails({ cwd, env: await installed({ aheadSeconds: 3600 }) });
    assert.match(late, /The clock of this machine is 3\d{3} s behind GitHub's/);
    assert.doesNotMatch(`${lacking}${late}`, /PRIVATE KEY/);
    assert.deepEqual(await writesOf(github), []);
  });

  it("renews tokens that end in the middle, those of the program and those of GitHub's provider", async () => {
    const env = await installed({ tokenSeconds: 20 });
    // The program's first token is refused.
    await github.fault({ match: { method: "GET", path: "/api/v3/orgs/*/repos" }, status: 401 });
    await environment.engine.succeed(["up", "--yes", "--skip-preview", "--refresh"], { cwd, env });
    const { counts, requests } = await github.requests();
    const made = counts[tokens] ?? 0;
    process.stdout.write(
      `      ${made} tokens for ${Object.values(counts).reduce((sum, one) => sum + one, 0)} requests\n`,
    );
    assert.ok(made > 2, `${made} tokens`);
    const refused = requests.filter(({ status }) => status === 401).map(({ url }) => url.split("?", 1)[0]);
    assert.deepEqual(refused, ["/api/v3/orgs/acme/repos"]);
    assert.ok((await writesOf(github)).some((line) => line.startsWith("PUT /api/v3/repos/acme/platform/rulesets/")));
    const state = await environment.engine.exportText();
    assert.ok(!state.includes(pem.split("\n")[3] ?? pem) && !state.includes(JSON.stringify(pem)));
  });

  it("leaves nothing that an update with a token would change, but the exemption of the App", async () => {
    await environment.engine.up();
    await environment.engine.unchangedUp();
  });
});
