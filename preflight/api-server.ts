import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterConnection } from "../config/stack/kubeconfig/connection.js";
import {
  type Answer,
  type Connections,
  directConnections,
  proxiedConnections,
  type RequestHeaders,
  type TlsOptions,
} from "../lib/network/connections.js";
import { proxyFor } from "../lib/network/proxy.js";
import type { PluginCredential } from "./exec-credential.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** An API server, and how to prove to it who asks. */
export interface ApiServer {
  readonly url: string;
  readonly headers: RequestHeaders;
  /** The connections, which stay open until they are ended. */
  readonly connections: Connections;
}

/** The server answered with another status than 200. The answer itself may contain secrets. */
export class StatusError extends Error {
  override readonly name = "StatusError";

  constructor(readonly status: number) {
    super(`HTTP status ${status}`);
  }
}

/**
 * The API server of a kubeconfig. The proxy is that of the kubeconfig, or of the environment, as for the provider.
 * @param most connections at a time @default - few, as a start of the program needs
 */
export function apiServerOf(
  { server, cluster, user, authority, credentials }: ClusterConnection,
  login: PluginCredential,
  environment: Environment,
  most?: number,
): ApiServer {
  const tls = {
    ca: authority,
    cert: login.clientCertificateData ?? credentials.certificate,
    key: login.clientKeyData ?? credentials.key,
    servername: cluster["tls-server-name"] ?? undefined,
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
  };
  // Clients of Kubernetes refresh the token of this provider, and write the new one into the file.
  const token = login.token ?? credentials.token ?? user["auth-provider"]?.config?.["id-token"];
  const proxy = cluster["proxy-url"] || proxyFor(server, environment);
  return {
    url: server,
    headers: { ...authorization(token, user), ...impersonation(user) },
    connections: connectionsTo({ server, tls, proxy, most }),
  };
}

/** The folder in which Kubernetes puts the account of a pod. */
export const POD_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * The API server of the pod that this runs in, with the pod's account.
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
 */
export function podsApiServer(environment: Environment, folder = POD_ACCOUNT, most?: number): ApiServer {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = environment;
  const url = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const headers = authorization(read("token").trim(), {});
  const proxy = proxyFor(url, environment);
  return { url, headers, connections: connectionsTo({ server: url, tls: { ca: read("ca.crt") }, proxy, most }) };
}

/** The parts of an object in an answer: all of it, or its metadata alone, as an object or as a list of these. */
export type Representation = "PartialObjectMetadata" | "PartialObjectMetadataList" | undefined;

/**
 * The answer to one request, as JSON.
 * @param representation @default - the whole object
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 * @throws StatusError for another status than 200, and the errors of the connection, of TLS and of the parser
 */
export async function get(
  server: ApiServer,
  path: string,
  signal: AbortSignal,
  representation?: Representation,
): Promise<unknown> {
  const { status, body } = await send(server, { path, headers: acceptOf(representation) }, signal);
  if (status !== 200) throw new StatusError(status);
  return JSON.parse(body);
}

/** The header that asks for parts of objects, as JSON. */
export function acceptOf(representation: Representation): { readonly accept: string } {
  const parts = representation === undefined ? "" : `;as=${representation};g=meta.k8s.io;v=v1`;
  return { accept: `application/json${parts}` };
}

/** A request to an API server. */
export interface ApiServerRequest {
  /** @default GET */
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  /** Headers beside those of the credentials. One that impersonates replaces all of the kubeconfig's own. */
  readonly headers: RequestHeaders;
  /** @default - none */
  readonly body?: string | undefined;
}

/** The answer to one request, of any status. @throws the errors of the connection and of TLS, and the signal's reason */
export async function send(
  { url, headers: own, connections }: ApiServer,
  { path, headers, ...request }: ApiServerRequest,
  signal: AbortSignal,
): Promise<Answer> {
  // The groups of one account must not count for another.
  const acts = Object.keys(headers).some((name) => name.startsWith("impersonate-"));
  const kept = Object.entries(own).filter(([name]) => !acts || !name.startsWith("impersonate-"));
  return await connections.send(
    `${url}${path}`,
    { ...request, headers: { ...Object.fromEntries(kept), ...headers } },
    signal,
  );
}

interface ConnectionArgs {
  readonly server: string;
  readonly tls: TlsOptions;
  readonly proxy: string | undefined;
  readonly most: number | undefined;
}

function connectionsTo({ server, tls, proxy, most }: ConnectionArgs): Connections {
  return proxy === undefined ? directConnections(server, tls, most) : proxiedConnections(proxy, tls, most);
}

function authorization(
  token: string | undefined,
  { username, password }: Partial<Pick<ClusterConnection["user"], "username" | "password">>,
) {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (!username) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}` };
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonation(user: ClusterConnection["user"]): Record<string, string | string[]> {
  const extra = Object.entries(user["as-user-extra"] ?? {});
  return {
    ...(user.as && { "impersonate-user": user.as }),
    ...(user["as-uid"] && { "impersonate-uid": user["as-uid"] }),
    ...(user["as-groups"]?.length && { "impersonate-group": user["as-groups"] }),
    ...Object.fromEntries(extra.map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values])),
  };
}
