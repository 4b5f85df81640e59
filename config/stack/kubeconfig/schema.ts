import { z } from "zod";

const text = z.string().nullish();

const cluster = z.object({
  server: text,
  "certificate-authority": text,
  "certificate-authority-data": text,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": text,
  "proxy-url": text,
  extensions: z.array(z.object({ name: text, extension: z.unknown() })).nullish(),
});

const exec = z.object({
  command: text,
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  apiVersion: text,
  provideClusterInfo: z.boolean().nullish(),
});

const user = z.object({
  "client-certificate": text,
  "client-certificate-data": text,
  "client-key": text,
  "client-key-data": text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  "as-uid": text,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
  exec: exec.nullish(),
  "auth-provider": z.object({ name: z.string(), config: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const context = z.object({ cluster: text, user: text });

/** A list of named entries. Kubernetes refuses a file that has two of one name. */
function namedEntries<Entry extends z.ZodType<{ readonly name: string }>>(entry: Entry) {
  const unique = z.array(entry).superRefine((list, issues) => {
    const names = list.map(({ name }) => name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      const params = { fix: "Rename or remove one of them" };
      issues.addIssue({ code: "custom", path: [index, "name"], message: "is the name of an entry above", params });
    }
  });
  return unique.nullish();
}

/**
 * A kubeconfig, as far as clients use it. Fields that Kubernetes does not know are ignored, as it ignores them.
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export const kubeconfig = z.object({
  apiVersion: z.literal("v1").nullish(),
  kind: z.literal("Config").nullish(),
  "current-context": text,
  clusters: namedEntries(z.object({ name: z.string(), cluster: cluster.nullish() })),
  users: namedEntries(z.object({ name: z.string(), user: user.nullish() })),
  contexts: namedEntries(z.object({ name: z.string(), context: context.nullish() })),
});

/** The content of a kubeconfig. */
export type Kubeconfig = z.infer<typeof kubeconfig>;
/** The address of an API server. */
export type ClusterEntry = z.infer<typeof cluster>;
/** The credentials of a user. */
export type UserEntry = z.infer<typeof user>;
/** A plugin that prints credentials. */
export type ExecEntry = z.infer<typeof exec>;
