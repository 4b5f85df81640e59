import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { waitUntil } from "@fleet/sandbox/process/readiness";
import { branchKey, commitsBehind } from "../../../../cli/status/commits-behind.js";
import { beginWait } from "../../../../lib/time/waits.js";
import { FakeGitHub } from "../../../support/unit/fake-github.js";
import { socketServer, TestServers, trickle } from "../../../support/unit/servers.js";

const [applied, newer] = ["0".repeat(40), "1".repeat(40)];
const of = (repository: string, branch = "main") => ({ repository: `acme/${repository}`, branch, commit: applied });
const followed = of("team-a");
/** More branches than are asked for one by one. */
const many = Array.from({ length: 10 }, (_, index) => of(`team-${index}`));
const headsOf = (branches: readonly (typeof followed)[]) =>
  Object.fromEntries(branches.map(({ repository }) => [repository.slice("acme/".length), applied]));

describe("the commits that a cluster has not applied", () => {
  for (const [name, environment, unknown] of [
    ["without credentials", {}, "GITHUB_TOKEN is not set"],
    ["for a part of a GitHub App", { GITHUB_APP_ID: "7", GITHUB_APP_PEM_FILE: "secret" }, /INSTALLATION_ID is not set/],
    [
      "for a token and an App",
      { GITHUB_TOKEN: "t", GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: "secret" },
      /would not use GITHUB_TOKEN/,
    ],
    [
      "for an App whose key is none",
      { GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: "secret" },
      /GITHUB_APP_PEM_FILE holds no private key/,
    ],
  ] as const) {
    it(`are unknown ${name}, and the command goes on`, async () => {
      const behind = (await commitsBehind([followed], environment, beginWait(60_000))).get(branchKey(followed));
      const reason = behind !== undefined && "unknown" in behind ? behind.unknown : "";
      assert.match(reason, new RegExp(unknown));
      assert.ok(!reason.includes("secret"));
    });
  }

  describe("by the answers of GitHub", () => {
    let github: FakeGitHub | undefined;
    afterEach(() => github?.stop());

    /** The numbers of commits, or the reasons why they are unknown, and the requests without the repository's name. */
    async function ask(branches: readonly (typeof followed)[], ...answers: ConstructorParameters<typeof FakeGitHub>) {
      github = new FakeGitHub(...answers);
      await github.start();
      const behind = await commitsBehind(branches, github.environment, beginWait(60_000));
      const numbers = branches.map((branch) => Object.values(behind.get(branchKey(branch)) ?? {})[0]);
      const kinds = github.requests.map(({ line }) => (line === "POST /api/graphql" ? "heads" : "compare"));
      return { numbers, kinds };
    }

    it("cost one request for fifty branches at their heads, and one for each other branch", async () => {
      const names = Array.from({ length: 120 }, (_, index) => `team-${index}`);
      const heads = Object.fromEntries(names.map((name) => [name, name === "team-70" ? newer : applied]));
      const { numbers, kinds } = await ask(
        names.map((name) => of(name)),
        { "team-70": { ahead_by: 2 } },
        heads,
      );
      assert.deepEqual(
        numbers,
        names.map((name) => (name === "team-70" ? 2 : 0)),
      );
      assert.deepEqual(kinds, ["heads", "heads", "heads", "compare"]);
    });

    it("are known where another repository or branch of the same request is not", async () => {
      const unknown = { "team-a": 404, gone: 404 };
      const branches = [of("gone"), of("team-a", 'no"such'), followed, ...many];
      const { numbers } = await ask(branches, unknown, { ...headsOf(many), "team-a": applied });
      assert.deepEqual(numbers, [
        "GitHub knows no acme/gone with this branch and commit",
        "GitHub knows no acme/team-a with this branch and commit",
        0,
        ...many.map(() => 0),
      ]);
    });

    it("come from one request for each of a few branches", async () => {
      const { numbers, kinds } = await ask([followed], { "team-a": { ahead_by: 3 } }, { "team-a": applied });
      assert.deepEqual([numbers, kinds], [[3], ["compare"]]);
    });

    for (const heads of [
      401,
      403,
      500,
      { "team-0": 5 as never },
      "null",
      '{"errors":"x"}',
      '{"errors":[null]}',
    ] as const) {
      it(`come from one request for each branch where GraphQL answers ${JSON.stringify(heads)}`, async () => {
        const answers = Object.fromEntries(many.map((_, index) => [`team-${index}`, { ahead_by: index }]));
        const { numbers, kinds } = await ask(many, answers, heads);
        assert.deepEqual(numbers, [...many.keys()]);
        assert.deepEqual(kinds, ["heads", ...many.map(() => "compare")]);
      });
    }

    it("come from one request for each branch where GraphQL alone never answers", async () => {
      const answers = Object.fromEntries(many.map((_, index) => [`team-${index}`, { ahead_by: index }]));
      github = new FakeGitHub(answers, "silent");
      await github.start();
      // Half of the wait is for GraphQL. The rest is not used up.
      const behind = await commitsBehind(many, github.environment, { ...beginWait(60_000), milliseconds: 100 });
      assert.deepEqual(
        many.map((branch) => behind.get(branchKey(branch))),
        many.map((_, commits) => ({ commits })),
      );
    });
  });

  for (const [name, onConnection, bytes] of [
    ["never answers", () => undefined, 0],
    ["sends its answer byte by byte, without an end", (socket: Socket) => trickle(socket), 60],
  ] as const) {
    it(`are unknown at the end of the wait where GitHub accepts the connection and ${name}`, async () => {
      const servers = new TestServers();
      try {
        const sockets: Socket[] = [];
        const { port } = await servers.started(
          socketServer((socket) => {
            onConnection(socket);
            sockets.push(socket);
          }),
        );
        const environment = { GITHUB_TOKEN: "t", GITHUB_BASE_URL: `http://127.0.0.1:${port}/` };
        const ended = new AbortController();
        const behind = commitsBehind([followed], environment, {
          signal: ended.signal,
          limit: "",
          milliseconds: 600_000,
        });
        const isAsked = () => sockets.some(({ bytesWritten }) => bytesWritten >= bytes);
        await waitUntil(isAsked, { what: "The request", timeout: 30_000, interval: 5 });
        ended.abort();
        assert.deepEqual((await behind).get(branchKey(followed)), { unknown: "GitHub did not answer in time" });
      } finally {
        await servers.stop();
      }
    });
  }
});
