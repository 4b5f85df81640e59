import { z } from "zod";

const owner = z.object({ name: z.string(), pid: z.number().int().positive(), started: z.string() });

/** The JSON on a daemon's command line. It holds no secrets: every user of the machine can read a command line. */
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

/** The specification of a daemon, given on its command line. */
export type DaemonSpec = z.infer<typeof daemonSpecSchema>;
/** The specification of GitHub's daemon. */
export type GitHubSpec = Extract<DaemonSpec, { kind: "github" }>;
/** The specification of one environment's daemon. */
export type EnvironmentSpec = Extract<DaemonSpec, { kind: "environment" }>;
