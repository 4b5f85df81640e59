import assert from "node:assert/strict";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectCurrent } from "../../../cli/cluster/connect.js";
import { kubeconfigText } from "../../support/unit/kubeconfig.js";
import { httpServer, TestServers } from "../../support/unit/servers.js";

const root = join(import.meta.dirname, "../../..");
const audience = "fleet-prod-eu";
const [ofJob, requestUrl] = ["token-of-the-job", "/token?api-version=2"];
const issuer = "https://token.actions.example.com";
const limits = { answerMs: 30_000, loginMs: 120_000 };
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (text = "") => JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Record<string, unknown>;

/** The `exec` of a kubeconfig of docs/workflows.md, against an issuer as that of a job, and a cluster that trusts it. */
describe("the OpenID Connect token of a job as the login to a cluster", () => {
  const servers = new TestServers();
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let folder: string;
  let cluster: string;
  let requestAddress: string;
  /** Tokens that the issuer has signed. */
  let issued: number;
  /** Tokens that the cluster takes for expired. */
  let expired: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-cluster-token-"));
    requestAddress = `http://127.0.0.1:${(await servers.started(httpServer(answerToken))).port}${requestUrl}`;
    cluster = `http://127.0.0.1:${(await servers.started(httpServer(answerCluster))).port}`;
  });
  beforeEach(() => {
    [issued, expired] = [0, 0];
  });
  after(async () => {
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** GitHub's side: a signed token for any audience, for the token of the job alone. */
  function answerToken({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const asked = new URL(url, issuer).searchParams;
    const isJob = headers.authorization === `Bearer ${ofJob}` && asked.get("api-version") === "2";
    if (!isJob) return void response.writeHead(401).end("{}");
    issued += 1;
    const exp = Math.floor(Date.now() / 1000) + 300;
    const claims = { iss: issuer, aud: asked.get("audience"), sub: "repo:acme/fleet", exp, jti: issued };
    const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
    const value = `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    response.end(JSON.stringify({ value, count: 1 }));
  }

  /** The cluster's side: the token's signature, issuer, audience and end, as an API server checks them. */
  function answerCluster({ headers }: IncomingMessage, response: ServerResponse): void {
    const [head = "", body = "", signature = ""] = headers.authorization?.replace(/^Bearer /, "").split(".") ?? [];
    const isSigned = verify("sha256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url"));
    const { iss, aud, exp, jti } = isSigned ? decode(body) : {};
    const holds = iss === issuer && aud === audience && Number(exp) > Date.now() / 1000 && Number(jti) > expired;
    response.writeHead(holds ? 200 : 401, { "content-type": "application/json" }).end(JSON.stringify({ jti }));
  }

  /** Connects by a kubeconfig that calls the command. */
  async function connect(asked: string, variables: Readonly<Record<string, string>> = {}) {
    const file = join(folder, "kubeconfig");
    const args = [join(root, "cli/fleet.mjs"), "workflow", "cluster-token", asked];
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args };
    await writeFile(file, kubeconfigText({ cluster: { server: cluster }, user: { exec } }));
    const job = { ACTIONS_ID_TOKEN_REQUEST_URL: requestAddress, ACTIONS_ID_TOKEN_REQUEST_TOKEN: ofJob };
    const { PATH, HOME } = process.env;
    return await connectCurrent({ PATH, HOME, KUBECONFIG: file, ...job, ...variables }, limits);
  }

  it("is taken by the cluster, and replaced by a new one when it ends", async () => {
    const client = await connect(audience);
    try {
      assert.deepEqual((await client.send({ path: "/api" })).body, { jti: 1 });
      expired = 1;
      assert.deepEqual((await client.send({ path: "/api" })).body, { jti: 2 });
      assert.equal(issued, 2);
    } finally {
      client.end();
    }
  });

  it("of another audience is refused by the cluster", async () => {
    const client = await connect("fleet-staging");
    try {
      await assert.rejects(client.send({ path: "/api" }), /it refused the credentials \(HTTP status 401\)/);
    } finally {
      client.end();
    }
  });

  it("is none for a job without id-token: write, nor for another token", async () => {
    for (const [variable, value] of [
      ["ACTIONS_ID_TOKEN_REQUEST_URL", ""],
      ["ACTIONS_ID_TOKEN_REQUEST_TOKEN", "another"],
    ] as const) {
      await assert.rejects(connect(audience, { [variable]: value }), /exec\.command: .*failed with the exit code 1/);
    }
    assert.equal(issued, 0);
  });
});
