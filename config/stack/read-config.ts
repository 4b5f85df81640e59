import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import { checkData, type Source } from "../../lib/diagnostics/zod-issues.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../names.js";
import { POD_SECURITY_LEVELS, type PodSecurityLevel } from "../tenant/namespaces/schema.js";
import { stackDefaults } from "./defaults.js";
import { EXTRA_COMPONENTS, type StackConfig, stackConfig } from "./schema.js";
import { type SecretNames, secretsConfig } from "./secrets.js";

/** Keys whose values are lists or maps; Pulumi hands these over as JSON. */
const structuredKeys: ReadonlySet<string> = new Set([
  "allowedImageRegistries",
  "allowedRoles",
  "allowedSourceHosts",
  "allowedSourceOwners",
  "extendedResources",
  "extraComponents",
  "controllers",
  "platformRepository",
  "serviceExposure",
  "variables",
  "ingressNamespaces",
  "exports",
  "identityAnnotations",
  "priorityClasses",
  "offers",
  "secrets",
]);

/** What a stack's configuration says. */
export interface ReadConfig {
  /** The configuration; undefined when something is wrong with it. */
  readonly config: StackConfig | undefined;
  /** Name of the platform's repository, as far as it can be told. */
  readonly platformRepository: string | undefined;
  /** Namespaces that tenants may let in, as far as they can be told. */
  readonly ingressNamespaces: readonly string[] | undefined;
  /** Services of the platform that tenants may import, as far as they can be told. */
  readonly platformExports: PlainObject | undefined;
  /** Annotations of clouds' identities that the stack adds, as far as they can be told. */
  readonly identityAnnotations: readonly string[] | undefined;
  /** What the infrastructure has for tenants, as far as it can be told. */
  readonly offers: readonly string[] | undefined;
  /** Lowest level of Pod Security for tenants, as far as it can be told. */
  readonly podSecurityFloor: PodSecurityLevel | undefined;
  /** Controllers beside the usual ones, as far as they can be told. */
  readonly extraComponents: readonly string[] | undefined;
  /** Variables for the platform's manifests, as far as they can be told. */
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** Names of tenants' secrets; undefined when something is wrong with them. */
  readonly secrets: SecretNames | undefined;
  /** Whether there is an address for webhooks, be it a wrong one. */
  readonly webhookUrl: boolean;
  /** Host of that address, in lower case and without its port; undefined when there is none. */
  readonly webhookHost: string | undefined;
  /** ClusterRoles that tenants may give to groups, as far as they can be told. */
  readonly allowedRoles: readonly string[] | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads the `fleet:` configuration of a stack.
 *
 * Problems never repeat a value: it could be a secret.
 *
 * @param args.config keys without `fleet:`; values as Pulumi gives them (texts, with JSON for lists and maps) or as
 *   plain data. An empty text counts as not set, because Pulumi demands a value for every key it knows the type of.
 * @param args.stacks stacks that exist; undefined when they could not be listed
 */
export function readConfig(args: {
  readonly stack: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly stacks: readonly string[];
}): ReadConfig {
  const source: Source = { file: `Pulumi.${args.stack}.yaml`, prefix: "fleet:", showValues: false };
  const problems: Problem[] = [];
  const data: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(args.config)) {
    if (value === "" || value === undefined) continue;
    const decoded = structuredKeys.has(key) && typeof value === "string" ? parseJson(value) : { data: value };
    if ("fault" in decoded) {
      problems.push({ file: source.file, path: `fleet:${key}`, ...decoded.fault });
    } else {
      data[key] = decoded.data;
    }
  }
  const checked = checkData(stackConfig, data, source);
  problems.push(...checked.problems);
  problems.push(...crossChecks(data, args.stacks, source));
  const config = "value" in checked && problems.length === 0 ? checked.value : undefined;
  return {
    config,
    platformRepository: platformRepositoryName(data),
    ingressNamespaces: textList(data.ingressNamespaces),
    platformExports: isPlainObject(data.exports ?? {}) ? ((data.exports ?? {}) as PlainObject) : undefined,
    identityAnnotations: textList(data.identityAnnotations),
    offers: textList(data.offers),
    allowedRoles: textList(data.allowedRoles),
    podSecurityFloor: POD_SECURITY_LEVELS.find(
      (level) => level === (data.podSecurityFloor ?? stackDefaults.podSecurityFloor),
    ),
    extraComponents: textList(data.extraComponents),
    variables: variablesOf(data),
    secrets: secretNames(data),
    webhookUrl: data.webhookUrl !== undefined,
    webhookHost: hostOf(data.webhookUrl),
    problems,
  };
}

/** JSON.parse without its words: they quote the text, which could be a secret. */
function parseJson(text: string): { data: unknown } | { fault: Pick<Problem, "message" | "fix"> } {
  try {
    return { data: JSON.parse(text) };
  } catch (error) {
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
    const where = position === undefined ? "" : ` (character ${position})`;
    return {
      fault: {
        message: `is not JSON${where}`,
        fix: "Write it as YAML in the file, or set it with: pulumi config set --path",
      },
    };
  }
}

function crossChecks(data: Readonly<Record<string, unknown>>, stacks: readonly string[], source: Source): Problem[] {
  const problems: Problem[] = [];
  const { repositoryOwner, extraComponents, controllers } = data;
  const report = (path: string, message: string, fix: string) =>
    problems.push({ file: source.file, path: `fleet:${path}`, message, fix });

  if (typeof repositoryOwner === "string" && stacks.length > 0 && !stacks.includes(repositoryOwner)) {
    report("repositoryOwner", "names no stack that has an overlay folder", `Name one of: ${stacks.join(", ")}`);
  }
  const extras = Array.isArray(extraComponents) ? extraComponents : [];
  if (new Set(extras).size < extras.length) report("extraComponents", "names a controller twice", "Keep one of them");
  for (const controller of EXTRA_COMPONENTS) {
    if (!isPlainObject(controllers) || !Object.hasOwn(controllers, controller) || extras.includes(controller)) continue;
    report(`controllers.${controller}`, "is set up but not installed", `Add ${controller} to fleet:extraComponents`);
  }
  if (data.webhookUrl !== undefined && textList(data.ingressNamespaces)?.length === 0) {
    const fix = "List the namespace of the ingress controller that forwards to it in fleet:ingressNamespaces";
    report("webhookUrl", "leads to a receiver that nothing may speak to", fix);
  }
  if (platformRepositoryName(data)?.toLowerCase() === TENANT_TEMPLATE_REPOSITORY) {
    report("platformRepository.name", "is the template of all tenants' repositories already", "Choose another name");
  }
  return problems;
}

function platformRepositoryName({ platformRepository }: Readonly<Record<string, unknown>>): string | undefined {
  if (platformRepository === undefined) return stackDefaults.platformRepository.name;
  if (!isPlainObject(platformRepository)) return undefined;
  const name = platformRepository.name ?? stackDefaults.platformRepository.name;
  return typeof name === "string" ? name : undefined;
}

function hostOf(address: unknown): string | undefined {
  return typeof address === "string" && URL.canParse(address) ? new URL(address).hostname : undefined;
}

/** The texts of a list that is left out when it is empty. */
function textList(list: unknown = []): readonly string[] | undefined {
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : undefined;
}

function variablesOf({ variables = {} }: Readonly<Record<string, unknown>>): Record<string, string> | undefined {
  if (!isPlainObject(variables)) return undefined;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
}

function secretNames({ secrets }: Readonly<Record<string, unknown>>): SecretNames | undefined {
  return secretsConfig.safeParse(secrets).data;
}
