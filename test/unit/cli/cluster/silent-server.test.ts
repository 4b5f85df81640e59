import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "@fleet/sandbox/process/readiness";
import { connectCurrent } from "../../../../cli/cluster/connect.js";
import { kubeconfigText } from "../../../support/unit/kubeconfig.js";
import { socketServer, TestServers, trickle } from "../../../support/unit/servers.js";

const withoutEnd = (socket: Socket) => trickle(socket);
const headWithoutEnd = (socket: Socket) => trickle(socket, "HTTP/1.1 200 OK\r\nx: ");
const silent = () => undefined;
/** Bytes after which a client has read a part of an answer. */
const someBytes = 60;

describe("the wait for an API server", () => {
  const servers = new TestServers();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-silent-"));
  });
  afterEach(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true });
  });

  for (const [name, onConnection, clusterOf] of [
    ["accepts a connection and never answers", silent, (address: string) => ({ server: `http://${address}` })],
    [
      "begins no TLS",
      silent,
      (address: string) => ({ server: `https://${address}`, "insecure-skip-tls-verify": true }),
    ],
    ["sends a head without an end", headWithoutEnd, (address: string) => ({ server: `http://${address}` })],
    ["sends a body without an end", withoutEnd, (address: string) => ({ server: `http://${address}` })],
    [
      "is behind a proxy that never answers",
      silent,
      (address: string) => ({ server: "https://api.example.com", "proxy-url": `http://${address}` }),
    ],
    [
      "is behind a proxy that sends its answer without an end",
      headWithoutEnd,
      (address: string) => ({ server: "https://api.example.com", "proxy-url": `http://${address}` }),
    ],
  ] as const) {
    it(`ends at its limit where it ${name}`, async () => {
      const sockets: Socket[] = [];
      const { port } = await servers.started(
        socketServer((socket) => {
          onConnection(socket);
          sockets.push(socket);
        }),
      );
      const file = join(folder, "kubeconfig");
      writeFileSync(file, kubeconfigText({ cluster: clusterOf(`127.0.0.1:${port}`), user: { token: "x" } }));
      const ended = new AbortController();
      const begin = () => ({ signal: ended.signal, limit: "within 2.5 s", milliseconds: 2500 });
      const limits = { answerMs: 2500, loginMs: 2500, begin };
      const client = await connectCurrent({ KUBECONFIG: file, PATH: process.env.PATH }, limits);
      try {
        const asked = client.send({ path: "/version" });
        const isAsked = () => sockets.some(({ bytesWritten }) => onConnection === silent || bytesWritten > someBytes);
        await waitUntil(isAsked, { what: "The request", timeout: 30_000, interval: 5 });
        ended.abort();
        await assert.rejects(asked, { name: "ClusterError", message: "there was no complete answer within 2.5 s" });
      } finally {
        client.end();
      }
    });
  }
});
