import { isPlainObject, mergeOverlay, type PlainObject, type PlainValue } from "../../lib/data/merge.js";
import { valueAt } from "../files/declared-tenant.js";
import { tenantDefaults } from "./defaults.js";
import { helmDefaults } from "./helm/schema.js";
import { withImageAutomationDefaults } from "./image-automation/defaults.js";
import { isSizeName, SIZES } from "./limits/sizes.js";
import { defaultEvents } from "./notifications/schema.js";

/** What a tenant's files say, with every default filled in: the tenant's own, and those of each further part. */
export function withDefaults(name: string, stack: string, said: PlainObject): PlainObject {
  const first = (field: string) => valueAt(said, [field, "name"]) ?? name;
  const defaults: PlainObject = {
    name,
    description: `Deployments of the tenant ${name}`,
    ...(isPlainObject(said.team) ? { team: { name, existing, members: [], maintainers: [] } } : {}),
    repository: { name, ...defaultRepository(said.repository) },
    repositories: each(said.repositories, defaultRepository),
    namespace: { name, ...defaultNamespace },
    namespaces: each(said.namespaces, (namespace) => ({ ...defaultNamespace, limits: defaultLimits(namespace) })),
    access: { viewers: [], operators: [], roles: {} },
    limits: defaultLimits(said),
    network: { ingress: [], egress: [] },
    hosts: [],
    exports: each(said.exports, () => ({ namespace: first("namespace") })),
    imports: each(said.imports, () => ({ namespace: first("namespace") })),
    progressiveDelivery: tenantDefaults.progressiveDelivery,
    serviceAccounts: each(said.serviceAccounts, () => ({
      namespace: first("namespace"),
      annotations: {},
      automountToken: tenantDefaults.automountToken,
    })),
    sync: defaultSync(stack),
    helm: {
      repositories: each(valueAt(said, ["helm", "repositories"]), () => helmDefaults),
      charts: each(valueAt(said, ["helm", "charts"]), () => ({ ...helmDefaults, ref: {} })),
    },
    syncs: each(said.syncs, () => ({
      repository: first("repository"),
      namespace: first("namespace"),
      ...defaultSync(stack),
    })),
    notifications: each(said.notifications, ({ type }) => ({ events: defaultEvents(type), syncs: [] })),
    webhook: tenantDefaults.webhook,
    robot: { enabled: tenantDefaults.robot, token: tenantDefaults.robotToken },
  };
  return withImageAutomationDefaults(mergeOverlay(defaults, said));
}

const { visibility, defaultBranch, existing, scaffold, podSecurity } = tenantDefaults;

/** Whoever asks for pull requests wants them read by somebody. */
function defaultRepository(said: PlainValue | undefined): PlainObject {
  const { protection: enabled, pullRequest, codeOwners } = tenantDefaults;
  const reviews = isPlainObject(said) && valueAt(said, ["protection", "pullRequest"]) === true ? 1 : 0;
  const protection = { enabled, pullRequest, reviews, codeOwners, checks: [] };
  return { visibility, defaultBranch, existing, scaffold, protection, topics: [], codeowners: [] };
}

const defaultNamespace: PlainObject = { labels: {}, annotations: {}, podSecurity };

function defaultSync(stack: string): PlainObject {
  const { interval, retryInterval, timeout, suspend, deletionPolicy } = tenantDefaults;
  const nothing = { ref: {}, dependsOn: [], healthChecks: [], substitute: {}, substituteFrom: [] };
  return { path: `./deploy/${stack}`, interval, retryInterval, timeout, suspend, deletionPolicy, ...nothing };
}

/** The amounts of the size that is named, or of the default's. */
function defaultLimits(said: PlainObject): PlainObject {
  const size = valueAt(said, ["limits", "size"]);
  const known = isSizeName(size) ? size : tenantDefaults.size;
  return { size: known, ...SIZES[known] };
}

/** Defaults for each entry of a map; what is no map is left for the schema to refuse. */
function each(entries: PlainValue | undefined, defaults: (entry: PlainObject) => PlainObject): PlainObject {
  if (!isPlainObject(entries)) return {};
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, defaults(isPlainObject(entry) ? entry : {})]),
  );
}
