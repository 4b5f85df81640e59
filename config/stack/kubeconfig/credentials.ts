import { createPrivateKey, X509Certificate } from "node:crypto";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createSecureContext } from "node:tls";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { attempt } from "./files.js";
import type { Place } from "./place.js";
import type { ClusterEntry, ExecEntry, UserEntry } from "./schema.js";

/** The credentials of a user, read from its files. */
export interface Credentials {
  /** PEM. */
  readonly certificate: Buffer | undefined;
  /** PEM. */
  readonly key: Buffer | undefined;
  readonly token: string | undefined;
  /** The plugin that prints the credentials, its command as an absolute path or a name on PATH. */
  readonly exec: (ExecEntry & { readonly command: string }) | undefined;
}

interface Entry<Fields> {
  readonly entry: Fields;
  readonly place: Place;
}

interface CredentialArgs {
  readonly cluster: Entry<ClusterEntry>;
  readonly user: Entry<UserEntry>;
  /** PATH, on which plugins are. */
  readonly searchPath: string;
}

/** Reads the certificates, keys and tokens of a cluster and its user. Relative paths begin at the kubeconfig. */
export function readCredentials({ cluster, user, searchPath }: CredentialArgs) {
  const problems: Problem[] = [];
  const read = ({ entry, place }: Entry<object>, name: string): Buffer | undefined => {
    const result = readData(new Map(Object.entries(entry)), place, name);
    if (!Buffer.isBuffer(result) && result !== undefined) problems.push(result);
    return Buffer.isBuffer(result) ? result : undefined;
  };
  const authority = read(cluster, "certificate-authority");
  const certificate = read(user, "client-certificate");
  const key = read(user, "client-key");
  const token = readToken(user);
  const exec = readExec(user, searchPath);
  for (const result of [token, exec]) if (result && "message" in result) problems.push(result);
  if (problems.length === 0) {
    problems.push(...authorityProblems(cluster, authority), ...certificateProblems(user, certificate, key));
  }
  problems.push(...providerProblems(user));
  const credentials: Credentials = {
    certificate,
    key,
    token: token && "text" in token ? token.text : undefined,
    exec: exec && "command" in exec ? exec : undefined,
  };
  return { authority, credentials, problems };
}

/** The content of a field `NAME-data`, or of the file that `NAME` names. */
function readData(entry: ReadonlyMap<string, unknown>, place: Place, name: string): Buffer | Problem | undefined {
  const data = entry.get(`${name}-data`);
  if (typeof data === "string" && data !== "") {
    const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(data);
    return isBase64 ? Buffer.from(data, "base64") : place.problem(`${name}-data`, "is not Base64");
  }
  const file = entry.get(name);
  return typeof file === "string" && file !== "" ? readFile(place, name, file) : undefined;
}

function readFile(place: Place, field: string, file: string): Buffer | Problem {
  const absolute = path.resolve(path.dirname(place.file), file);
  const pipe = attempt(() => statSync(absolute).isFIFO());
  // Without a writer, the read would never end. The provider reads the file once more, and would find the pipe empty.
  if ("value" in pipe && pipe.value) return place.problem(field, "names a pipe", "Name a regular file");
  const read = attempt(() => readFileSync(absolute));
  if ("value" in read) return read.value;
  const fault = read.code === "ENOENT" ? "that does not exist" : `that cannot be read (${read.code})`;
  return place.problem(
    field,
    `names a file ${fault}`,
    "Correct the path, which begins at the folder of the kubeconfig",
  );
}

/** The token. As in Kubernetes' clients, that of a file takes precedence. */
function readToken({ entry, place }: Entry<UserEntry>): { readonly text: string } | Problem | undefined {
  const content = entry.tokenFile ? readFile(place, "tokenFile", entry.tokenFile) : entry.token || undefined;
  if (content === undefined || (typeof content !== "string" && !Buffer.isBuffer(content))) return content;
  const text = content.toString().trim();
  const field = entry.tokenFile ? "tokenFile" : "token";
  if (text === "") return place.problem(field, "has no token", "Log in again, which writes a new one");
  if (/[\s\p{Cc}]/u.test(text)) return place.problem(field, "has white space within the token", "Remove it");
  return { text };
}

const pluginVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
function readExec({ entry: { exec }, place }: Entry<UserEntry>, searchPath: string) {
  if (!exec) return undefined;
  const { command, apiVersion } = exec;
  if (!command) return place.problem("exec.command", "is missing", "Set it to the program that prints the credentials");
  if (!apiVersion || !pluginVersions.includes(apiVersion)) {
    return place.problem("exec.apiVersion", `must be one of ${pluginVersions.join(", ")}`, "Update the plugin");
  }
  if (!command.includes(path.sep)) {
    const folders = searchPath.split(path.delimiter).filter((folder) => folder !== "");
    if (folders.some((folder) => isProgram(path.join(folder, command)))) return { ...exec, command };
    return place.problem("exec.command", "is no program on PATH", "Install it, or correct PATH");
  }
  const absolute = path.resolve(path.dirname(place.file), command);
  if (isProgram(absolute)) return { ...exec, command: absolute };
  return place.problem("exec.command", "is the path of no program", "Install it, or correct the path");
}

function isProgram(file: string): boolean {
  const found = attempt(() => {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  });
  return "value" in found && found.value;
}

function authorityProblems({ entry, place }: Entry<ClusterEntry>, authority: Buffer | undefined): Problem[] {
  if (authority === undefined || isSound(() => new X509Certificate(authority))) return [];
  return [place.problem(fieldOf(entry, "certificate-authority"), "is no certificate in PEM form")];
}

function certificateProblems(
  { entry, place }: Entry<UserEntry>,
  certificate: Buffer | undefined,
  key: Buffer | undefined,
): Problem[] {
  const at = (name: string, message: string) => [place.problem(fieldOf(entry, name), message)];
  if (!certificate) return key ? at("client-certificate", "is missing, and there is a key for it") : [];
  if (!isSound(() => new X509Certificate(certificate)))
    return at("client-certificate", "is no certificate in PEM form");
  if (!key) return at("client-key", "is missing, and there is a certificate for it");
  if (!isSound(() => createPrivateKey(key)))
    return at("client-key", "is no private key in PEM form without a password");
  const pair = isSound(() => createSecureContext({ cert: certificate, key }));
  return pair ? [] : at("client-key", "does not belong to the client certificate");
}

/** The field that holds a value: NAME-data, or NAME when there is no data. */
function fieldOf(entry: object, name: string): string {
  return new Map<string, unknown>(Object.entries(entry)).get(`${name}-data`) ? `${name}-data` : name;
}

/** Whether OpenSSL reads the input. Its errors have no field that tells an invalid input from anything else. */
function isSound(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** Kubernetes removed all providers but OpenID Connect from its clients, and so from the provider. */
function providerProblems({ entry, place }: Entry<UserEntry>): Problem[] {
  const provider = entry["auth-provider"];
  if (!provider || provider.name === "oidc") return [];
  const fix = "Use exec with the plugin of your cloud";
  return [
    place.problem("auth-provider.name", "is not oidc, the only provider that Kubernetes' clients still have", fix),
  ];
}
