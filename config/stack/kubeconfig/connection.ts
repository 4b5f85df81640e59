import type { Problem } from "../../../lib/diagnostics/problem.js";
import { isLoopback, isUrl } from "../../rules/web-address.js";
import { type Credentials, readCredentials } from "./credentials.js";
import { type KubeconfigFile, kubeconfigFix, readKubeconfigs } from "./files.js";
import { type Place, placeIn } from "./place.js";
import type { ClusterEntry, Kubeconfig, UserEntry } from "./schema.js";

/** The cluster of the current context, and the credentials of its user. */
export interface ClusterConnection {
  /** URL of the API server, without a slash at its end. */
  readonly server: string;
  readonly cluster: ClusterEntry;
  /** PEM of the certificate authorities. @default - those of the machine */
  readonly authority: Buffer | undefined;
  readonly user: UserEntry;
  readonly credentials: Credentials;
  /** The place of the user, for problems that show only when it logs in. */
  readonly userPlace: Place;
}

/** A connection, or all problems. */
export type ReadConnection = { readonly connection: ClusterConnection } | { readonly problems: readonly Problem[] };

/** The options of {@link readConnection}. */
export interface ConnectionOptions {
  /** The context to take. @default - the current one */
  readonly contextName?: string;
  /** Whether a file may be a pipe. Programs that read it later would find it empty. @default false */
  readonly mayBePipe?: boolean;
}

/**
 * The connection that KUBECONFIG describes, by the rules of Kubernetes' own clients, which the provider uses. The first
 * file with a name or with a current context decides.
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 * @returns the connection, or all problems; no problem repeats a value
 */
export function readConnection(
  list: string,
  searchPath: string,
  { contextName, mayBePipe }: ConnectionOptions = {},
): ReadConnection {
  const { files, problems } = readKubeconfigs(list, mayBePipe);
  return problems.length > 0 ? { problems } : connectionIn(files, searchPath, contextName);
}

function connectionIn(files: readonly KubeconfigFile[], searchPath: string, contextName?: string): ReadConnection {
  const isChosen = ({ content }: KubeconfigFile) => contextName !== undefined || content["current-context"];
  const chosen = files.find(isChosen);
  const name = contextName ?? chosen?.content["current-context"];
  if (!chosen || !name) {
    const message = "has no current-context, so it chooses no cluster";
    return { problems: [{ file: "environment", path: "KUBECONFIG", message, fix: kubeconfigFix }] };
  }
  const context = find(files, contexts, name);
  if (!context?.entry.context) {
    const message = "is the name of no context";
    return { problems: [placeIn(chosen, []).problem("current-context", message, choose(files, contexts))] };
  }
  return connect(
    files,
    { place: placeIn(context.file, [...context.path, "context"]), ...context.entry.context },
    searchPath,
  );
}

/** The contexts of KUBECONFIG. */
export interface Contexts {
  /** All names, without repeats. */
  readonly names: readonly string[];
  /** Name of the current context. */
  readonly current: string | undefined;
  readonly problems: readonly Problem[];
  /** The connection of a context, as {@link readConnection} reads it, without reading the files again. */
  readonly connectionOf: (name: string, searchPath: string) => ReadConnection;
}

/** Reads the contexts that KUBECONFIG lists. */
export function readContexts(list: string): Contexts {
  const { files, problems } = readKubeconfigs(list);
  const names = files.flatMap(({ content }) => (contexts.of(content) ?? []).map(({ name }) => name));
  const [current] = files.flatMap(({ content }) => content["current-context"] || []);
  const connectionOf = (name: string, searchPath: string) => connectionIn(files, searchPath, name);
  return { names: [...new Set(names)], current, problems, connectionOf };
}

interface Context {
  readonly place: Place;
  readonly cluster?: string | null | undefined;
  readonly user?: string | null | undefined;
}

function connect(files: readonly KubeconfigFile[], context: Context, searchPath: string) {
  const cluster = context.cluster ? find(files, clusters, context.cluster) : undefined;
  const user = context.user ? find(files, users, context.user) : undefined;
  const problems: Problem[] = [];
  if (!cluster) {
    const message = context.cluster ? "is the name of no cluster" : "is missing";
    problems.push(context.place.problem("cluster", message, choose(files, clusters)));
  }
  if (context.user && !user) {
    problems.push(context.place.problem("user", "is the name of no user", choose(files, users)));
  }
  if (!cluster || problems.length > 0) return { problems };
  const clusterPlace = placeIn(cluster.file, [...cluster.path, "cluster"]);
  const userPlace = user ? placeIn(user.file, [...user.path, "user"]) : context.place;
  const clusterEntry = cluster.entry.cluster ?? {};
  const userEntry = user?.entry.user ?? {};
  const { authority, credentials, ...read } = readCredentials({
    cluster: { entry: clusterEntry, place: clusterPlace },
    user: { entry: userEntry, place: userPlace },
    searchPath,
  });
  problems.push(...clusterProblems(clusterEntry, clusterPlace), ...read.problems);
  if (problems.length > 0) return { problems };
  const server = (clusterEntry.server ?? "").replace(/\/+$/, "");
  return { connection: { server, cluster: clusterEntry, authority, user: userEntry, credentials, userPlace } };
}

function clusterProblems(cluster: ClusterEntry, { problem }: Place): Problem[] {
  return [...serverProblems(cluster, problem), ...proxyProblems(cluster, problem)];
}

function serverProblems({ server, ...cluster }: ClusterEntry, problem: Place["problem"]): Problem[] {
  if (!server) return [problem("server", "is missing", "Set it to the URL of the API server")];
  if (!isUrl(server) || !/^https?:$/.test(new URL(server).protocol)) {
    return [problem("server", "is not a URL", "Write it like https://api.example.com:6443")];
  }
  const url = new URL(server);
  if (url.username !== "" || url.password !== "") {
    return [problem("server", "contains credentials", "Put them into the user's fields")];
  }
  if (url.protocol === "http:" && !isLoopback(url)) {
    return [problem("server", "is an http URL, which would show the credentials to everybody on the way", "Use https")];
  }
  const authority = cluster["certificate-authority-data"] || cluster["certificate-authority"];
  if (cluster["insecure-skip-tls-verify"] && authority) {
    const message = "is true, and Kubernetes takes no certificate authority beside it";
    return [problem("insecure-skip-tls-verify", message, "Remove it, so that the authority counts")];
  }
  return [];
}

function proxyProblems(cluster: ClusterEntry, problem: Place["problem"]): Problem[] {
  const proxy = cluster["proxy-url"];
  if (!proxy || (isUrl(proxy) && /^(https?|socks5):$/.test(new URL(proxy).protocol))) return [];
  return [problem("proxy-url", "is not the URL of an http, https or socks5 proxy", "Write it like http://proxy:3128")];
}

/** The entry of a name in the first file that has one. */
function find<Entry extends { readonly name: string }>(
  files: readonly KubeconfigFile[],
  { list, of }: List<Entry>,
  name: string,
) {
  for (const file of files) {
    const entries = of(file.content) ?? [];
    const index = entries.findIndex((entry) => entry.name === name);
    const entry = entries[index];
    if (entry !== undefined) return { file, path: [list, index], entry };
  }
  return undefined;
}

interface List<Entry> {
  readonly list: string;
  readonly of: (content: Kubeconfig) => readonly Entry[] | null | undefined;
}

const clusters = { list: "clusters", of: (content: Kubeconfig) => content.clusters };
const users = { list: "users", of: (content: Kubeconfig) => content.users };
const contexts = { list: "contexts", of: (content: Kubeconfig) => content.contexts };

/** A remedy that names no entry: the names of clusters may be secret. */
function choose(files: readonly KubeconfigFile[], { list, of }: List<unknown>): string {
  return files.some(({ content }) => of(content)?.length) ? `Use a name that ${list} has` : `Add it to ${list}`;
}
