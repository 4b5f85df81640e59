import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildLimits, type KustomizeResult, runKustomize } from "../../../../cli/platform/run-kustomize.js";

/** A shell stands for kustomize. */
describe("a build", () => {
  let home = "";
  before(() => {
    home = mkdtempSync(join(tmpdir(), "fleet-home-"));
  });
  after(() => rmSync(home, { recursive: true }));

  const run = (script: string, limits: Partial<BuildLimits> = {}): Promise<KustomizeResult> => {
    const program = { file: "/bin/sh", args: ["-c", script] };
    return runKustomize({ program, folder: "/fleet", home }, { seconds: 20, memoryMiB: 1024, outputMiB: 1, ...limits });
  };

  it("gets no credential, no program of PATH, and proxies that do not exist", async () => {
    process.env.GITHUB_TOKEN = "made-up";
    try {
      const script = 'echo "[$GITHUB_TOKEN] $PATH $HOME $PWD $HTTP_PROXY $HTTPS_PROXY [$NO_PROXY] $GIT_ALLOW_PROTOCOL"';
      const nowhere = "http://127.0.0.1:9";
      const expected = `[] ${home} ${home} ${home} ${nowhere} ${nowhere} [] none`;
      assert.deepEqual(await run(script), { manifests: expected });
    } finally {
      delete process.env.GITHUB_TOKEN;
    }
  });

  it("is told to read files of the folder alone", async () => {
    assert.deepEqual(await run('echo "$0 $*"'), { manifests: "--load-restrictor=LoadRestrictionsRootOnly /fleet" });
  });

  it("ends with its own words", async () => {
    assert.deepEqual(await run("echo a: b >&2; exit 1"), { error: "a: b" });
  });

  it("ends when it takes too long", async () => {
    assert.deepEqual(await run("while :; do :; done", { seconds: 1 }), { error: "takes more than 1 s" });
  });

  it("ends when it prints too much", async () => {
    assert.deepEqual(await run("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done"), {
      error: "builds more than 1 MiB",
    });
  });

  if (process.platform === "linux") {
    it("ends when it takes too much memory", async () => {
      const result = await run("a=aaaaaaaaaaaaaaaa; while :; do a=$a$a; done", { memoryMiB: 64 });
      assert.deepEqual(result, { error: "takes more than 64 MiB of memory" });
    });
  }
});
