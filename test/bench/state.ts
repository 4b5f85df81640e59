import { z } from "zod";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  parent: z.string().optional(),
  /** When the engine had created it, ISO 8601. */
  created: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).optional(),
  /** URNs of everything that it needs. */
  dependencies: z.array(z.string()).optional(),
  /** Whether a removal from the stack leaves it as it is. */
  retainOnDelete: z.boolean().optional(),
});

/** One resource of a stack's state, as far as the benchmark looks at it; nothing in it is encrypted. */
export type RecordedResource = z.infer<typeof resource>;

const stateFile = z.object({ deployment: z.object({ resources: z.array(resource).default([]) }) });

/** Key and value by which the engine marks a secret: sdk/go/common/resource/sig.go. */
const signature = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" };

/**
 * Reads what `pulumi stack export --show-secrets` printed. Secrets are in it in plain text: it is for use, not for print.
 * @throws when it is not a state, or was exported without its secrets
 */
export function readState(text: string): RecordedResource[] {
  const { resources = [] } = stateFile.parse(JSON.parse(text)).deployment;
  return resources.map((each) => ({
    ...each,
    inputs: revealed(each.inputs) as RecordedResource["inputs"],
    ...(each.outputs === undefined ? {} : { outputs: revealed(each.outputs) as RecordedResource["inputs"] }),
  }));
}

/** A value with every secret in it replaced by what it hides. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const marked = value as Readonly<Record<string, unknown>>;
  if (marked[signature.key] === signature.secret) {
    if (typeof marked.plaintext !== "string") {
      throw new Error("The state holds an encrypted secret: export it with --show-secrets.");
    }
    return JSON.parse(marked.plaintext) as unknown;
  }
  return Object.fromEntries(Object.entries(marked).map(([key, inner]) => [key, revealed(inner)]));
}

/** `urn:pulumi:staging::fleet::TYPES::team-search` → `team-search`. */
export function nameOf({ urn }: Pick<RecordedResource, "urn">): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
