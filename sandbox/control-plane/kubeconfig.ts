import { stringify } from "yaml";

/** How the user of a kubeconfig proves who it is. All are paths or PEM; nothing is a user name. */
export type Credentials =
  | { readonly kind: "certificate"; readonly cert: string; readonly key: string }
  /** Path of a file with a bearer token; clients read it again when it is replaced. */
  | { readonly kind: "token-file"; readonly path: string }
  | { readonly kind: "none" };

/** The address of the cluster, its certificate authority, and the client's credentials. */
export interface KubeconfigArgs {
  /** Name of the cluster and the context, as `kubectl config` shows it. */
  readonly name: string;
  /** URL of the API server. */
  readonly server: string;
  /** PEM of the authority that signed the API server's certificate. */
  readonly ca: string;
  /** The client certificate or token of the user. */
  readonly credentials: Credentials;
  /** Namespace that is used when none is named. @default "default" */
  readonly namespace?: string;
}

/**
 * The text of a kubeconfig with one cluster, one user, one context. Certificates are embedded, so that the file can
 * be copied. The cluster is on this machine, so no answer is compressed: that costs both sides processor time for nothing.
 */
export function kubeconfig({ name, server, ca, credentials, namespace = "default" }: KubeconfigArgs): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": base64(ca), "disable-compression": true } }],
    users: [{ name, user: user(credentials) }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    "current-context": name,
  });
}

function user(credentials: Credentials): Record<string, string> {
  switch (credentials.kind) {
    case "certificate":
      return { "client-certificate-data": base64(credentials.cert), "client-key-data": base64(credentials.key) };
    case "token-file":
      return { tokenFile: credentials.path };
    case "none":
      return {};
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
