import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { TLSSocket } from "node:tls";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { createAuthority, issueServer } from "../control-plane/certificates.js";
import { kubeletClientUser, nodeIp, nodeName } from "../control-plane/node.js";

/** Finds the log of a pod; `undefined` when no process of that pod runs here. */
export type FindLog = (pod: { namespace: string; name: string; previous: boolean }) => string | undefined;

/** A server that answers as a kubelet does, on a loopback port. */
export interface KubeletServer {
  /** Loopback port that it listens on. */
  readonly port: number;
  /** Ends it and waits for that. */
  stop(): Promise<void>;
}

interface LogRoute {
  Params: { namespace: string; pod: string; container: string };
  Querystring: Readonly<Record<string, string | undefined>>;
}

/**
 * The part of a kubelet's server that `kubectl logs` needs.
 *
 * Only the API server may ask, which has decided before whether its user may: it is known by a certificate of the
 * cluster's authority. The server's own certificate is made for this run; the API server does not verify it, which is
 * its default for kubelets.
 * @param ca PEM of the cluster's authority
 */
export async function startKubeletServer(ca: string, find: FindLog): Promise<KubeletServer> {
  const authority = await createAuthority("fleet sandbox kubelet");
  const { cert, key } = await issueServer(authority, { commonName: nodeName }, { dns: [nodeName], ip: [nodeIp] });
  const server = fastify({
    https: { cert, key, ca, requestCert: true, rejectUnauthorized: true },
    forceCloseConnections: true,
  });
  server.addHook("onRequest", async (request, reply) => {
    if (!isApiServer(request)) await reply.code(403).send("only the API server may ask a kubelet\n");
  });
  server.get<LogRoute>("/containerLogs/:namespace/:pod/:container", (request, reply) => sendLog(request, reply, find));
  await server.listen({ host: nodeIp, port: 0 });
  const address = server.addresses()[0];
  if (typeof address !== "object") throw new Error("the log server has no address");
  return { port: address.port, stop: () => server.close() };
}

function isApiServer(request: FastifyRequest): boolean {
  const socket = request.raw.socket;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return false;
  const certificate = socket.getPeerX509Certificate();
  return certificate instanceof X509Certificate && certificate.subject.split("\n").includes(`CN=${kubeletClientUser}`);
}

async function sendLog(request: FastifyRequest<LogRoute>, reply: FastifyReply, find: FindLog): Promise<FastifyReply> {
  const { namespace, pod } = request.params;
  const args = tailArguments(request.query);
  if (typeof args === "string") return await reply.code(400).send(`${args}\n`);
  const file = find({ namespace, name: pod, previous: request.query.previous === "true" });
  if (file === undefined || !existsSync(file)) {
    return await reply
      .code(404)
      .send(`pod ${namespace}/${pod} has no log: the sandbox runs the platform's controllers only\n`);
  }
  const tail = spawn("tail", [...args, file], { stdio: ["ignore", "pipe", "ignore"] });
  tail.once("error", (error) => tail.stdout.destroy(error));
  reply.raw.once("close", () => tail.kill());
  return await reply.type("text/plain").send(tail.stdout);
}

/**
 * Arguments of `tail` for the query of a log request, or why it cannot be answered: what a log is not filtered by must
 * not be ignored in silence.
 */
export function tailArguments(query: Readonly<Record<string, string | undefined>>): string[] | string {
  const refused = ["sinceSeconds", "sinceTime", "timestamps", "limitBytes"].filter((name) => query[name] !== undefined);
  if (refused.length > 0) return `the sandbox cannot filter logs by ${refused.join(", ")}; try --tail`;
  const lines = query.tailLines ?? "+1";
  if (!/^\+?\d+$/.test(lines)) return `tailLines is "${lines}", not a number`;
  return ["-n", lines, ...(query.follow === "true" ? ["-F"] : [])];
}
