import { z } from "zod";

const owner = z.object({ name: z.string(), pid: z.number().int().positive(), started: z.string() });

/** What a daemon is told on its command line, as JSON. No secrets: a command line is everyone's to read. */
export const daemonSpecSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("github"),
    stateDirectory: z.string(),
    /** The organisation's login. */
    organisation: z.string(),
    /** When this process has ended, so does the daemon, and the last one deletes all data. @default none */
    owner: owner.optional(),
  }),
  z.strictObject({
    kind: z.literal("environment"),
    stateDirectory: z.string(),
    stack: z.string(),
    toolchain: z.object({
      key: z.string(),
      dir: z.string(),
      bin: z.string(),
      plugins: z.string(),
      manifests: z.string(),
    }),
    owner: owner.optional(),
  }),
]);

/** What a daemon is told on its command line. */
export type DaemonSpec = z.infer<typeof daemonSpecSchema>;
/** What the daemon of GitHub is told. */
export type GitHubSpec = Extract<DaemonSpec, { kind: "github" }>;
/** What the daemon of one stack's environment is told. */
export type EnvironmentSpec = Extract<DaemonSpec, { kind: "environment" }>;
