import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterToken } from "../../../../cli/workflow/cluster-token.js";
import { writeKubeconfig } from "../../../../cli/workflow/kubeconfig-file.js";

describe("fleet workflow kubeconfig", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-kubeconfig-"));
    file = join(folder, "kubeconfig");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const kubeconfig = "kind: Config\nclusters: [{name: c}]\nusers: [{name: u, user: {token: hidden}}]\n";

  it("refuses no kubeconfig, and repeats nothing of it", () => {
    for (const content of [undefined, "", " \n", "hidden", "kind: Config", "token: [hidden", "kind: Pod\nhidden: x"]) {
      assert.throws(
        () => writeKubeconfig(file, content),
        (error: Error) => /^FLEET_KUBECONFIG is /.test(error.message) && !error.message.includes("hidden"),
      );
    }
  });

  it("never writes to a file that is there already", () => {
    writeFileSync(file, "x", { mode: 0o644 });
    assert.throws(() => writeKubeconfig(file, kubeconfig), /EEXIST/);
  });

  it("writes a file that only its account reads", () => {
    writeKubeconfig(file, kubeconfig);
    assert.equal(readFileSync(file, "utf8"), kubeconfig);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});

describe("fleet workflow cluster-token", () => {
  const environment = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example/request?api-version=2",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of-the-job",
  };
  const jwt = `e30.${Buffer.from(JSON.stringify({ exp: 1_800_000_000 })).toString("base64url")}.signature`;

  it("fails outside of a job that may have a token, and when GitHub gives none", async () => {
    await assert.rejects(clusterToken("fleet", {}), /no job with the permission id-token/);
    const denied = async () => new Response("{}", { status: 403 });
    await assert.rejects(clusterToken("fleet", environment, denied), /answered the request for a token with 403/);
  });

  it("fails without an answer, and repeats no part of an answer that is no token", async () => {
    const silent = async () => Promise.reject(new Error("connection refused"));
    await assert.rejects(clusterToken("fleet", environment, silent), /did not answer .*: connection refused\.$/);
    const tokenOf = (payload: string) => ({ value: `e30.${Buffer.from(payload).toString("base64url")}.signature` });
    for (const body of [
      "SECRET",
      {},
      { value: 5 },
      { value: "SECRET" },
      tokenOf("SECRET"),
      tokenOf('{"exp":"SECRET"}'),
      tokenOf('{"exp":1e20}'),
      tokenOf('{"exp":-1}'),
    ]) {
      await assert.rejects(
        clusterToken("fleet", environment, async () => Response.json(body)),
        {
          name: "JobError",
          message: "GitHub answered the request for a token with something else.",
        },
      );
    }
    const page = async () => new Response("<html>SECRET</html>");
    await assert.rejects(clusterToken("fleet", environment, page), /with something else\.$/);
  });

  it("asks for the audience, and prints an ExecCredential with the end of the token", async () => {
    const requests: { readonly url: string; readonly authorization: string | null }[] = [];
    const send: typeof fetch = async (url, init) => {
      requests.push({ url: String(url), authorization: new Headers(init?.headers).get("authorization") });
      return Response.json({ value: jwt });
    };
    assert.deepEqual(JSON.parse(await clusterToken("fleet of acme", environment, send)), {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: jwt, expirationTimestamp: "2027-01-15T08:00:00.000Z" },
    });
    const url = "https://token.example/request?api-version=2&audience=fleet+of+acme";
    assert.deepEqual(requests, [{ url, authorization: "Bearer of-the-job" }]);
  });
});
