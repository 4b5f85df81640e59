import {
  type Proof,
  REPORT_FORM,
  type Report,
  type ReportedTenant,
  type StackReport,
} from "../../../operate/report/report.js";

const rights = ["get secrets", "create pods", "create deployments.apps", "list secrets", "impersonate serviceaccounts"];

/** A verification of two tenants in which everything holds. */
export function soundProof(overrides: Partial<Proof> = {}): Proof {
  const names = ["payments", "search"];
  return {
    at: "2026-11-27T10:00:00.000Z",
    seconds: 5.9,
    checks: [{ title: "Every sync is Ready at its head", looked: 7, findings: [] }],
    bindings: 69,
    reviews: 26,
    rights,
    namespaces: { payments: "team-payments", search: "team-search" },
    accounts: names.map((name, index) => ({
      account: `${name}/reconciler`,
      tenant: `team-${name}`,
      cells: [
        {
          right: "create deployments.apps",
          namespace: name,
          expected: true,
          found: true,
          bindings: [`RoleBinding ${name}/reconciler`],
          review: true,
        },
        {
          right: "get secrets",
          namespace: names[1 - index] ?? "",
          expected: false,
          found: false,
          bindings: [],
          review: false,
        },
        { right: "list secrets", expected: false, found: false, bindings: [], review: false },
      ],
    })),
    dryRuns: [
      {
        policy: "fleet-pods",
        object: "Pod payments/fleet-verify",
        sender: "payments/reconciler",
        status: 422,
        refusedBy: "fleet-pods",
      },
    ],
    unproven: [{ policy: "fleet-shards", reason: "the policy compares with the shard of the namespace" }],
    accepted: [],
    unread: [],
    ...overrides,
  };
}

/** A tenant whose sync is Ready. */
export function soundTenant(name: string): ReportedTenant {
  return {
    name: `team-${name}`,
    repositories: [`acme/team-${name}`],
    namespaces: [name],
    syncs: [
      {
        name: `team-${name}`,
        namespace: name,
        repository: `acme/team-${name}`,
        path: "./deploy/staging",
        ready: true,
        messages: [],
        revision: "main@sha1:4877c72e",
      },
    ],
    quotas: [{ namespace: name, resource: "requests.cpu", used: "500m", hard: "2", percent: 25 }],
  };
}

/** A stack in which everything holds. */
export function soundStack(overrides: Partial<StackReport> = {}): StackReport {
  return {
    stack: "staging",
    context: "staging",
    server: "https://api.example.com:6443",
    problems: [],
    cluster: {
      fluxVersion: "v2.9.2",
      controllers: [{ name: "source-controller", ready: true }],
      infrastructure: [{ name: "Kustomization flux-system/platform", ready: true }],
      tenants: [soundTenant("payments"), soundTenant("search")],
    },
    proof: soundProof(),
    keys: [
      { place: "acme/team-payments", title: "fleet/staging (read-only)", use: "reads", since: "2026-11-01T10:00:00Z" },
    ],
    ...overrides,
  };
}

/** A report on stacks. @param stacks @default - one in which everything holds */
export function reportOf(...stacks: readonly StackReport[]): Report {
  return {
    form: REPORT_FORM,
    at: "2026-11-27T10:00:10.000Z",
    stacks: stacks.length > 0 ? [...stacks] : [soundStack()],
  };
}

/** A finding. */
export const rogueFinding: Proof["checks"][number]["findings"][number] = {
  kind: "binding-foreign",
  object: "ClusterRoleBinding rogue",
  owner: "tenant team-payments (none: made by hand)",
  difference: "gives accounts of the namespace payments the ClusterRole cluster-admin",
  reason: "A binding that no file asks for gives rights that no review has seen.",
  fix: "kubectl delete clusterrolebinding rogue",
};

/** A verification in which an account of team-payments has a right in the namespace of team-search. */
export function openProof(): Proof {
  const proof = soundProof();
  const opened = proof.accounts.map((one) => {
    if (one.account !== "payments/reconciler") return one;
    const cells = one.cells.map((cell) => {
      return cell.namespace === "search"
        ? { ...cell, found: true, bindings: ["RoleBinding search/rogue"], review: true }
        : cell;
    });
    return { ...one, cells };
  });
  return { ...proof, accounts: opened, checks: [{ title: "Accounts", looked: 95, findings: [rogueFinding] }] };
}
