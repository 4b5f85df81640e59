import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writePrivateFile } from "../lib/private-file.js";
import { createAuthority, issueClient, issueServer, type KeyPair } from "./certificates.js";
import { kubeletClientUser } from "./node.js";

/** Paths of a certificate and its key. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/** The users of the control plane that are known by a certificate. */
export type ClientName = "admin" | "controller-manager" | "scheduler" | "kwok";

/** All keys and certificates of one control plane. */
export interface Pki {
  /** Authority of the API server and of its users: PEM and path. */
  readonly ca: { readonly pem: string; readonly path: string };
  readonly apiserver: KeyPairFiles;
  /** With which the API server asks a kubelet for logs. */
  readonly kubeletClient: KeyPairFiles;
  /** etcd has an authority of its own: a user of the API server must not be able to read the database. */
  readonly etcd: { readonly ca: string; readonly server: KeyPairFiles; readonly client: KeyPairFiles };
  /** Keys of service account tokens: the controller manager and the API server sign, the API server verifies. */
  readonly serviceAccount: { readonly privateKey: string; readonly publicKey: string };
  readonly clients: Readonly<Record<ClientName, KeyPair>>;
}

/** Address of the `kubernetes` Service: the first of the service range, by rule of the API server. */
export const kubernetesServiceIp = "10.96.0.1";

/**
 * Makes the keys of a control plane in a directory, or takes up those that are there.
 *
 * Both authorities and the service account keys are kept for as long as the directory lives: kubeconfigs and tokens
 * given out before a restart stay valid. Everything else is issued anew, so that nothing expires in a cluster that is
 * started at least once a year.
 */
export async function preparePki(dir: string): Promise<Pki> {
  const [authority, etcdAuthority, serviceAccount] = await Promise.all([
    keptAuthority(join(dir, "ca"), "fleet sandbox"),
    keptAuthority(join(dir, "etcd-ca"), "fleet sandbox etcd"),
    keptServiceAccountKeys(join(dir, "service-account")),
  ]);
  const user = (commonName: string, ...organizations: string[]) =>
    issueClient(authority, { commonName, organizations });
  const loopback = { dns: ["localhost"], ip: ["127.0.0.1"] };

  const [admin, controllerManager, scheduler, kwok] = await Promise.all([
    user("fleet:admin", "system:masters"),
    user("system:kube-controller-manager"),
    user("system:kube-scheduler"),
    user("fleet:kwok"),
  ]);
  const [apiserver, kubeletClient, etcdServer, etcdClient] = await Promise.all([
    save(
      join(dir, "apiserver"),
      issueServer(
        authority,
        { commonName: "kube-apiserver" },
        { dns: ["localhost", ...kubernetesServiceNames], ip: ["127.0.0.1", kubernetesServiceIp] },
      ),
    ),
    save(join(dir, "kubelet-client"), user(kubeletClientUser)),
    save(join(dir, "etcd-server"), issueServer(etcdAuthority, { commonName: "etcd" }, loopback)),
    save(join(dir, "etcd-client"), issueClient(etcdAuthority, { commonName: "kube-apiserver" })),
  ]);

  return {
    ca: { pem: authority.cert, path: join(dir, "ca.crt") },
    apiserver,
    kubeletClient,
    etcd: { ca: join(dir, "etcd-ca.crt"), server: etcdServer, client: etcdClient },
    serviceAccount,
    clients: { admin, "controller-manager": controllerManager, scheduler, kwok },
  };
}

/** Names of the API server inside a cluster. */
const kubernetesServiceNames = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

async function save(path: string, pair: Promise<KeyPair>): Promise<KeyPairFiles> {
  const { cert, key } = await pair;
  await Promise.all([writePrivateFile(`${path}.crt`, cert), writePrivateFile(`${path}.key`, key)]);
  return { cert: `${path}.crt`, key: `${path}.key` };
}

async function keptAuthority(path: string, commonName: string): Promise<KeyPair> {
  const [cert, key] = await Promise.all([readIfThere(`${path}.crt`), readIfThere(`${path}.key`)]);
  if (cert !== undefined && key !== undefined) return { cert, key };
  const made = await createAuthority(commonName);
  await save(path, Promise.resolve(made));
  return made;
}

async function keptServiceAccountKeys(path: string): Promise<{ privateKey: string; publicKey: string }> {
  const files = { privateKey: `${path}.key`, publicKey: `${path}.pub` };
  const there = await Promise.all([readIfThere(files.privateKey), readIfThere(files.publicKey)]);
  if (there.every((content) => content !== undefined)) return files;
  const keys = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await writePrivateFile(files.privateKey, keys.privateKey);
  await writePrivateFile(files.publicKey, keys.publicKey);
  return files;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
