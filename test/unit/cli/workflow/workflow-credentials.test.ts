import assert from "node:assert/strict";
import { addWorkflowCommands } from "../../../../cli/commands/workflow.js";
import { fixtures } from "../../../support/fixtures.js";
import { appKey, appServer } from "../../../support/unit/app-server.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { TestServers } from "../../../support/unit/servers.js";

const app = { GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: appKey };

describe("the credentials of fleet workflow", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());

  const newest = async (environment: Readonly<Record<string, string>>) => {
    const all = { GITHUB_REPOSITORY: "acme/fleet", ...environment };
    return await runFleetWith(
      (program, streams) => addWorkflowCommands(program, streams, fixtures, all),
      ...["workflow", "newest", "staging"],
    );
  };

  for (const [title, environment, message] of [
    ["none", {}, /^GITHUB_TOKEN is not set\.\nWhat to do: see npx fleet workflow --help\./],
    // A workflow sets variables that an environment does not have to an empty text.
    ["empty ones", { GITHUB_TOKEN: "", GITHUB_APP_ID: "", GITHUB_APP_PEM_FILE: "" }, /^GITHUB_TOKEN is not set\./],
    ["a part of an App", { ...app, GITHUB_APP_INSTALLATION_ID: "" }, /GITHUB_APP_INSTALLATION_ID: is not set/],
    ["a token and an App", { ...app, GITHUB_TOKEN: "hidden" }, /would not use GITHUB_TOKEN/],
  ] as const) {
    it(`are refused before the first request: ${title}`, async () => {
      const { code, err } = await newest(environment);
      assert.equal(code, 1);
      assert.match(err, message);
      assert.doesNotMatch(err, /hidden|PRIVATE/);
    });
  }

  it("may be those of a GitHub App", async () => {
    const { environment, requests } = await appServer(servers, { answer: () => ({ body: [] }) });
    const { code, out, err } = await newest({ ...environment, GITHUB_TOKEN: "" });
    assert.equal(code, 0, err);
    assert.match(out, /^No newer commit than/);
    assert.deepEqual([...new Set(requests.map(({ token }) => token).slice(1))], ["token-1"]);
  });
});
