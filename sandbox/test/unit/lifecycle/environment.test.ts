import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { writeRecord } from "../../../daemon/record.js";
import { sandboxEnvironment } from "../../../lifecycle/environment.js";
import { ensureSecrets } from "../../../state/secrets.js";
import { environmentRecord, githubRecord } from "../../support/records.js";
import { useTemporaryState } from "../../support/temporary-state.js";

describe("sandboxEnvironment", () => {
  const paths = useTemporaryState();
  const ask = (stack = "staging", environment: NodeJS.ProcessEnv = { PATH: "/usr/bin" }) =>
    sandboxEnvironment({ stack, stateDirectory: paths().directory, environment });
  const self = { pid: process.pid };

  it("says how to start what does not run, instead of pointing at nothing", async () => {
    await assert.rejects(ask(), /staging does not run .*\n.*npx fleet sandbox up staging/);
  });

  it("does not take the record of a dead daemon for a running one", async () => {
    await ensureSecrets(paths());
    await writeRecord(paths(), "github", githubRecord(self));
    await writeRecord(paths(), "environment-staging", environmentRecord("staging", { ...self, started: "other/1" }));
    await assert.rejects(ask(), /does not run/);
  });

  it("refuses the name of a stack that would leave the state directory", async () => {
    await assert.rejects(ask("../../etc"), /cannot be the name of a stack/);
  });

  describe("of a running environment", () => {
    beforeEach(async () => {
      await ensureSecrets(paths());
      await writeRecord(paths(), "github", githubRecord(self));
      await writeRecord(paths(), "environment-staging", environmentRecord("staging", self));
    });

    it("finds our pulumi first, then the real parts, then the packages, then what was there", async () => {
      const { PATH = "" } = await ask();
      const [first, second, third, ...others] = PATH.split(delimiter);
      assert.equal(first, paths().bin);
      assert.equal(second, "/t/bin");
      assert.match(third ?? "", /node_modules\/\.bin$/);
      assert.deepEqual(others, ["/usr/bin"]);
    });

    it("does not grow PATH each time that it is evaluated", async () => {
      const once = await ask();
      assert.deepEqual(await ask("staging", once), once);
    });

    it("keeps the token out of Git's URLs and sends it to the emulator alone", async () => {
      const variables = await ask();
      const { GITHUB_TOKEN = "missing" } = variables;
      const config = Object.entries(variables).filter(([name]) => name.startsWith("GIT_CONFIG_"));
      assert.deepEqual(config.slice(0, 2), [
        ["GIT_CONFIG_COUNT", "1"],
        ["GIT_CONFIG_KEY_0", "http.http://127.0.0.1:1/.extraHeader"],
      ]);
      const sent = (variables.GIT_CONFIG_VALUE_0 ?? "").replace("Authorization: Basic ", "");
      assert.equal(Buffer.from(sent, "base64").toString(), `x-access-token:${GITHUB_TOKEN}`);
    });

    it("reaches loopback past a proxy, and keeps the user's own exceptions", async () => {
      const { NO_PROXY } = await ask("staging", { PATH: "", NO_PROXY: "example.com,127.0.0.1" });
      assert.equal(NO_PROXY, "example.com,127.0.0.1,localhost");
    });

    it("selects the stack and the shared backend", async () => {
      const variables = await ask();
      assert.equal(variables.PULUMI_STACK, "staging");
      assert.equal(variables.PULUMI_BACKEND_URL, `file://${paths().pulumiBackend}`);
      assert.equal(variables.KUBECONFIG, "/k");
    });
  });
});
