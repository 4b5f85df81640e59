import { z } from "zod";

/** The form of the data in a page. Another form is not compared with this one. */
export const REPORT_FORM = "fleet-report/1";

const finding = z.object({
  kind: z.string(),
  object: z.string(),
  /** `tenant team-a (stacks/base/tenants/team-a.yaml)` */
  owner: z.string(),
  difference: z.string(),
  reason: z.string(),
  fix: z.string(),
});

const check = z.object({
  title: z.string(),
  looked: z.number(),
  skipped: z.string().exactOptional(),
  findings: z.array(finding),
});

const cell = z.object({
  right: z.string(),
  /** Absent for the whole cluster. */
  namespace: z.string().exactOptional(),
  /** Absent where the tenant decides. */
  expected: z.boolean().exactOptional(),
  found: z.boolean(),
  bindings: z.array(z.string()),
  /** The answer to a SubjectAccessReview. Absent where none was sent. */
  review: z.boolean().exactOptional(),
});

const dryRun = z.object({
  policy: z.string(),
  object: z.string(),
  sender: z.string().exactOptional(),
  status: z.number(),
  refusedBy: z.string().exactOptional(),
});

/** A verification: the proof of a stack. */
const proof = z.object({
  /** ISO 8601. */
  at: z.string(),
  seconds: z.number(),
  checks: z.array(check),
  bindings: z.number(),
  reviews: z.number(),
  rights: z.array(z.string()),
  /** Namespaces of tenants → tenant. */
  namespaces: z.record(z.string(), z.string()),
  accounts: z.array(z.object({ account: z.string(), tenant: z.string(), cells: z.array(cell) })),
  dryRuns: z.array(dryRun),
  unproven: z.array(z.object({ policy: z.string(), reason: z.string() })),
  accepted: z.array(z.string()),
  unread: z.array(z.string()),
});

const state = z.object({ name: z.string(), ready: z.boolean(), message: z.string().exactOptional() });

const sync = z.object({
  name: z.string(),
  namespace: z.string(),
  /** `acme/team-a` */
  repository: z.string(),
  path: z.string(),
  ready: z.boolean(),
  messages: z.array(z.string()),
  revision: z.string().exactOptional(),
  suspended: z.string().exactOptional(),
});

const quota = z.object({
  namespace: z.string(),
  resource: z.string(),
  used: z.string(),
  hard: z.string(),
  percent: z.number(),
});

const tenant = z.object({
  name: z.string(),
  repositories: z.array(z.string()),
  namespaces: z.array(z.string()),
  syncs: z.array(sync),
  quotas: z.array(quota),
});

/** A deploy key at GitHub, or the Secret with one on the cluster. */
const key = z.object({
  place: z.string(),
  title: z.string(),
  use: z.string(),
  /** ISO 8601. Absent where nothing notes it. */
  since: z.string().exactOptional(),
});

const cluster = z.object({
  fluxVersion: z.string(),
  controllers: z.array(state),
  infrastructure: z.array(state),
  tenants: z.array(tenant),
});

const stack = z.object({
  stack: z.string(),
  context: z.string().exactOptional(),
  server: z.string().exactOptional(),
  /** Why the look is incomplete. Empty when it is complete. */
  problems: z.array(z.string()),
  /** Absent where the cluster was not read. */
  cluster: cluster.exactOptional(),
  /** Absent where nothing was verified. */
  proof: proof.exactOptional(),
  keys: z.array(key),
});

/** The data of a report, as its page holds it. */
export const reportSchema = z.object({
  form: z.literal(REPORT_FORM),
  /** ISO 8601. */
  at: z.string(),
  stacks: z.array(stack),
});

/** A report on stacks: plain data. Texts in it come from clusters and from GitHub, so they may be anyone's. */
export type Report = z.output<typeof reportSchema>;
/** A stack in a report. */
export type StackReport = Report["stacks"][number];
/** The verification in a report. */
export type Proof = NonNullable<StackReport["proof"]>;
/** An account's rights in a report. */
export type ReportedAccount = Proof["accounts"][number];
/** A cell of the access matrix in a report. */
export type ReportedCell = ReportedAccount["cells"][number];
/** A tenant in a report. */
export type ReportedTenant = NonNullable<StackReport["cluster"]>["tenants"][number];
