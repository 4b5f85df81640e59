import { SHARDING_KEY } from "../../lib/kubernetes/shards.js";
import type { FleetSpec } from "../fleet-spec.js";
import { askedAddons } from "../tenant/addons/asked-addons.js";
import { SIZES } from "../tenant/limits/sizes.js";
import type { TenantSpec } from "../tenant/schema.js";

/**
 * The rules that ordinary manifests meet on a stack, as rows of a Markdown table: subject, rule.
 * @param tenant whose values the rows have @default - the fields of tenant files that decide
 */
export function ruleRows(spec: FleetSpec, tenant?: TenantSpec): string {
  return rulesOf(spec, tenant)
    .map(([subject, rule]) => `| ${subject} | ${rule} |\n`)
    .join("");
}

type Row = readonly [subject: string, rule: string];

function rulesOf(spec: FleetSpec, tenant: TenantSpec | undefined): readonly Row[] {
  const { admission } = spec;
  const resources =
    admission.workloadResources === "required"
      ? "every container declares limits of CPU and memory"
      : "containers without limits get those of the namespace's limit range";
  return [
    ...(tenant === undefined ? [podSecurity, quotaBySize()] : tenant.namespaces.flatMap(namespaceRows)),
    ["Images", imageRule(admission.images)],
    ["Resources", resources],
    ["Hosts", admission.hosts === "any" ? "Ingresses and routes may serve any host" : hostRule(tenant)],
    ["Services", `of the type ${["ClusterIP", ...admission.serviceExposure].join(" or ")}`],
    ["Network", networkRule(tenant)],
    [
      "Namespaces",
      "every object goes to your namespace, whatever its manifest names. Objects without a namespace are refused: ClusterRoles, CustomResourceDefinitions, namespaces",
    ],
    ...shardRows(tenant),
    ...signatureRows(tenant),
    ...addonRows(spec, tenant),
    ["Secrets", "never in plain text: encrypt them with SOPS (`sync.decryption`)"],
  ];
}

/** The signatures without which Flux applies nothing. */
function signatureRows(tenant: TenantSpec | undefined): readonly Row[] {
  const objects = { HEAD: "commit", Tag: "tag", TagAndHEAD: "commit and tag" };
  return (tenant?.syncs ?? []).flatMap(({ name, verify }): readonly Row[] => {
    if (verify === undefined) return [];
    const keys = listOf(Object.keys(verify.keys));
    return [[`Signatures of \`${name}\``, `each ${objects[verify.mode]} is signed by a key of ${keys}`]];
  });
}

/** The custom resources that the tenant may create, and those that its stack offers for a line in the tenant file. */
function addonRows(spec: FleetSpec, tenant: TenantSpec | undefined): readonly Row[] {
  if (tenant === undefined || spec.platform.addons.length === 0) return [];
  const asked = askedAddons(tenant, spec);
  const kinds = asked.flatMap((addon) =>
    addon.kinds.filter(({ access }) => access === "write").map(({ kind }) => kind),
  );
  const others = spec.platform.addons
    .filter((addon) => !asked.includes(addon))
    .map(({ name, purpose }) => {
      return purpose === "" ? `\`${name}\`` : `\`${name}\` (${purpose})`;
    });
  const parts = [
    ...(kinds.length > 0 ? [`${listOf(kinds)}, with references to your own namespace`] : []),
    ...(others.length > 0 ? [`ask for \`addons\` in the tenant file: ${others.join(", ")}`] : []),
  ];
  return [["Custom resources", parts.join("; ")]];
}

/** The label that a tenant's team must write itself, in a shard. */
function shardRows(tenant: TenantSpec | undefined): readonly Row[] {
  if (tenant?.shard === undefined) return [];
  const label = `\`${SHARDING_KEY}: ${tenant.shard}\``;
  return [["HelmReleases", `with \`spec.chart\` have the label ${label} in \`spec.chart.metadata.labels\``]];
}

/** The meaning of each level of Pod Security. */
const levels: Readonly<Record<TenantSpec["namespaces"][number]["podSecurity"], string>> = {
  restricted: "no root, no added privileges, no access to the node",
  baseline: "no added privileges, no access to the node",
  privileged: "no restriction by Pod Security",
};

const podSecurity: Row = [
  "Pods",
  `Pod Security \`restricted\`: ${levels.restricted} (\`namespace.podSecurity\`). No host ports`,
];

function quotaBySize(): Row {
  const sizes = Object.entries(SIZES).map(([size, limits]) => `\`${size}\` has ${amounts(limits)}`);
  return ["Quota", `by \`limits.size\`: ${sizes.join("; ")}. \`small\` is the default`];
}

function amounts({ cpu, memory, storage, pods }: Amounts): string {
  return `${cpu} CPUs, ${memory} of memory, ${storage} of storage and ${pods} pods`;
}

type Amounts = Readonly<Record<"cpu" | "memory" | "storage", string> & { pods: number }>;

function namespaceRows({ name, podSecurity: level, limits }: TenantSpec["namespaces"][number]): readonly Row[] {
  return [
    [`Pods in \`${name}\``, `Pod Security \`${level}\`: ${levels[level]}. No host ports`],
    [`Quota of \`${name}\``, amounts(limits)],
  ];
}

function imageRule({ registries, digests, pullPolicy }: FleetSpec["admission"]["images"]): string {
  const byTag =
    pullPolicy === "Always" || digests === "required" ? [] : ["with a tag other than `latest`, or a digest"];
  const parts = [
    registries.length === 0 ? "from any registry" : `from ${listOf(registries)} only`,
    ...(digests === "required" ? ["by digest (`NAME@sha256:DIGEST`)"] : byTag),
    ...(pullPolicy === "Always" ? ["with `imagePullPolicy: Always`"] : []),
  ];
  return parts.join(", ");
}

function hostRule(tenant: TenantSpec | undefined): string {
  if (tenant === undefined) return "Ingresses and routes serve the hosts of your tenant file only (`hosts`)";
  if (tenant.hosts.length === 0) return "none: ask for `hosts` before you push an Ingress or a route";
  return `Ingresses and routes serve ${listOf(tenant.hosts)} only`;
}

function networkRule(tenant: TenantSpec | undefined): string {
  const inside = "pods reach each other and the cluster's DNS";
  if (tenant === undefined) {
    return `${inside}. Everything else is closed (\`network.ingress\`, \`network.egress\`, \`imports\`)`;
  }
  const from = tenant.network.ingress.map(({ namespace }) => namespace);
  const to = [...tenant.network.egress.map(({ cidr }) => cidr), ...Object.keys(tenant.imports)];
  const opened = [
    ...(from.length > 0 ? [`reached from ${listOf(from)}`] : []),
    ...(to.length > 0 ? [`may reach ${listOf(to)}`] : []),
  ];
  return `${[inside, ...opened].join("; ")}. Everything else is closed`;
}

function listOf(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}
