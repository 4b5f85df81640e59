import type { FleetSpec } from "../../config/fleet-spec.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import { rightText } from "../access/matrix.js";
import { matrixRights } from "../access/reviews.js";
import type { ClusterStatus, TenantStatus } from "../status/stack-status.js";
import type { SyncStatus } from "../status/sync-status.js";
import { ownerText } from "../verify/finding.js";
import type { Verification } from "../verify/verification.js";
import { type Proof, REPORT_FORM, type Report, type ReportedTenant, type StackReport } from "./report.js";
import { withSafeTexts } from "./safe-texts.js";

/** The looks at one stack that a report is made of. */
export interface StackLooks {
  readonly stack: string;
  readonly context?: string | undefined;
  readonly server?: string | undefined;
  /** Why a look is incomplete. */
  readonly problems: readonly string[];
  /** @default - the files of the stack could not be read */
  readonly spec?: FleetSpec | undefined;
  /** Organisation of the tenants' repositories. */
  readonly organisation: string;
  /** @default - the cluster could not be read */
  readonly status?: ClusterStatus | undefined;
  /** @default - the stack could not be verified */
  readonly verification?: Verification | undefined;
}

/** The report on stacks. @param now in milliseconds since 1970 */
export function buildReport(looks: readonly StackLooks[], now: number): Report {
  const report = { form: REPORT_FORM, at: new Date(now).toISOString(), stacks: looks.map(stackReport) } as const;
  return { ...report, stacks: report.stacks.map(withSafeTexts) };
}

function stackReport(look: StackLooks): StackReport {
  const { stack, context, server, problems, spec, status, verification } = look;
  const cluster = spec && status && clusterReport(look, spec, status);
  const proof = verification && proofOf(verification, spec);
  return {
    stack,
    ...definedOnly({ context, server, cluster, proof }),
    problems: [...problems],
    keys: [...keysAtGitHub(verification), ...keysOnCluster(status)],
  };
}

function clusterReport(
  { organisation }: StackLooks,
  spec: FleetSpec,
  { fluxVersion, controllers, infrastructure, tenants }: ClusterStatus,
): NonNullable<StackReport["cluster"]> {
  const stateOf = (name: string, { ready, message }: { readonly ready: boolean; readonly message?: string }) => {
    return { name, ready, ...definedOnly({ message }) };
  };
  return {
    fluxVersion,
    controllers: controllers.map((one) => stateOf(one.name, one)),
    infrastructure: infrastructure.map((one) => stateOf(one.object, one)),
    tenants: tenants.flatMap((one) => {
      const tenant = spec.tenants.find(({ name }) => name === one.name);
      return tenant === undefined ? [] : [tenantReport(organisation, tenant, one)];
    }),
  };
}

function tenantReport(
  organisation: string,
  tenant: FleetSpec["tenants"][number],
  { name, syncs: states, quota }: TenantStatus,
): ReportedTenant {
  const { namespaces, repositories, syncs } = resourcesOf(tenant);
  return {
    name,
    repositories: repositories.map(({ repository }) => `${organisation}/${repository.name}`),
    namespaces: namespaces.map(({ namespace }) => namespace.name),
    syncs: syncs.map(({ sync }) => {
      const found = states.find((one) => one.name === sync.name && one.namespace === sync.namespace);
      const { name: own, namespace, repository, path } = sync;
      return { name: own, namespace, repository: `${organisation}/${repository}`, path, ...syncState(found) };
    }),
    quotas: quota.map(({ namespace, resource, used, hard, percent }) => ({ namespace, resource, used, hard, percent })),
  };
}

function syncState(found: SyncStatus | undefined) {
  if (found === undefined) return { ready: false, messages: ["is unknown: its cluster was not read"] };
  const { ready, messages, revision, suspended } = found;
  const since = suspended?.since === undefined ? "" : ` since ${suspended.since}`;
  const text = suspended && `by ${suspended.byFile ? "its file" : suspended.by}${since}`;
  return { ready, messages: [...messages], ...definedOnly({ revision, suspended: text }) };
}

function proofOf(verification: Verification, spec: FleetSpec | undefined): Proof {
  const { at, seconds, checks, matrix, accounts, admission, accepted, unread } = verification;
  const places = (spec?.tenants ?? []).flatMap(({ name, namespaces }) => {
    return namespaces.map((one): [string, string] => [one.name, name]);
  });
  return {
    at,
    seconds,
    checks: checks.map(({ title, looked, skipped, findings }) => ({
      title,
      looked,
      ...definedOnly({ skipped }),
      findings: findings.map(({ owner, ...one }) => ({ ...one, owner: ownerText(owner) })),
    })),
    bindings: matrix.bindings,
    reviews: matrix.reviews,
    rights: matrixRights.map(rightText),
    namespaces: Object.fromEntries(places),
    accounts: accounts.map(({ account, tenant, cells }) => ({
      account,
      tenant,
      cells: cells.map(({ right, namespace, expected, found, bindings, review }) => {
        return { right, found, bindings: [...bindings], ...definedOnly({ namespace, expected, review }) };
      }),
    })),
    dryRuns: admission.dryRuns.map((one) => ({ ...one })),
    unproven: admission.unproven.map((one) => ({ ...one })),
    accepted: [...accepted],
    unread: [...unread],
  };
}

function keysAtGitHub(verification: Verification | undefined): StackReport["keys"] {
  return (verification?.keys ?? []).map(({ repository, title, readOnly, createdAt }) => {
    return { place: repository, title, use: readOnly ? "reads" : "pushes", ...definedOnly({ since: createdAt }) };
  });
}

/** The time of a Secret's last change: its key is at least as old. */
function keysOnCluster(status: ClusterStatus | undefined): StackReport["keys"] {
  return (status?.tenants ?? []).flatMap(({ keys }) =>
    keys.map(({ namespace, secret, writtenAt }) => {
      return {
        place: namespace,
        title: `Secret ${secret}`,
        use: "is used by Flux",
        ...definedOnly({ since: writtenAt }),
      };
    }),
  );
}
