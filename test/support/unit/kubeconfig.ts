import { stringify } from "yaml";

/** A value that no message may repeat. Every file of these tests holds it. */
export const SECRET = "hunter2-is-the-secret";

/** The parts of a kubeconfig that a test changes. */
export interface KubeconfigParts {
  readonly cluster?: object | null;
  readonly user?: object | null;
  readonly context?: object | null;
  /** Fields of the file itself; undefined ones are left out. */
  readonly file?: Readonly<Record<string, unknown>>;
}

/** The text of a kubeconfig in which nothing is wrong but what a test changes. */
export function kubeconfigText({ cluster, user, context, file }: KubeconfigParts = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: cluster === undefined ? { server: "https://api.example.com:6443" } : cluster }],
    users: [{ name: "u", user: user === undefined ? { token: SECRET } : user }],
    contexts: [{ name: "x", context: context === undefined ? { cluster: "c", user: "u" } : context }],
    "current-context": "x",
    preferences: { remark: SECRET },
    ...file,
  });
}
