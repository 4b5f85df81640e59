import { createHmac } from "node:crypto";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { readPlatformSeed } from "../../config/platform/seed.js";
import type { Manifest } from "../../flux/release/typed-kind.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { type StackPlan, secretMark } from "../planned-resource.js";
import { assumedGitHub, type KnownGitHub, UNKNOWN_OWNER } from "./assumed-github.js";
import { plannedResources } from "./planned-resources.js";
import { recordFleet, type SecretMap } from "./record-fleet.js";

/** The arguments of a recording. */
export interface RecordStackArgs {
  /** Folder that has `fleet/`. */
  readonly root: string;
  readonly spec: FleetSpec;
  /** The stack's settings as text, with placeholders for encrypted values. */
  readonly config: Readonly<Record<string, string>>;
  /** The hardened objects of Flux. @default - its namespace alone */
  readonly fluxObjects?: Manifest | undefined;
  /** Key of the marks of secrets. @default - all secrets are alike */
  readonly secretKey?: string | undefined;
  /** The organisation of the environment. @default - that of the files, on github.com */
  readonly gitHub?: KnownGitHub | undefined;
}

/** Namespace of Flux, without which nothing of it can be registered. */
const fluxNamespace: Manifest = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: FLUX_NAMESPACE } }];

/** Records everything that the program would register on a stack whose GitHub and cluster are in order. */
export async function recordStack(args: RecordStackArgs): Promise<StackPlan> {
  const { root, config, fluxObjects = fluxNamespace, secretKey, gitHub } = args;
  const { github } = args.spec;
  const owner = gitHub?.owner ?? (github.owner || UNKNOWN_OWNER);
  const spec = { ...args.spec, github: { ...github, owner, host: gitHub?.host ?? github.host } };
  const existing = assumedGitHub(spec, gitHub);
  const { registrations } = await recordFleet(spec, {
    fluxObjects,
    platformSeed: readPlatformSeed(root),
    ...existing,
    known: gitHub,
    secrets: secretsIn(config.secrets),
    commonSecrets: secretsIn(config.commonSecrets),
    pullSecrets: secretsIn(config.pullSecrets),
    gitTokens: secretsIn(config.gitTokens),
  });
  return {
    stack: spec.stack,
    ...definedOnly({ promotesFrom: spec.promotion.from }),
    resources: plannedResources(registrations, (value) => secretMark(secretKey && markOf(value, secretKey))),
    flux: spec.flux,
    tenants: spec.tenants.map(({ name }) => name),
    existingTeams: Object.fromEntries([...existing.teams].map(([slug, { id }]) => [id, slug])),
  };
}

function secretsIn(setting: string | undefined): SecretMap {
  return (setting ? JSON.parse(setting) : null) ?? {};
}

function markOf(value: unknown, key: string): string {
  return createHmac("sha256", key)
    .update(JSON.stringify(sortedKeys(value)))
    .digest("base64url")
    .slice(0, 22);
}

/** The same data, whatever order the program wrote its keys in. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sortedKeys(field)]),
  );
}
