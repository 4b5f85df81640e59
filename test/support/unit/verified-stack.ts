import type { ApiClient } from "../../../cli/cluster/api-client.js";
import type { SettleTimes } from "../../../cli/verify/settled-syncs.js";
import { type VerifyArgs, type VerifySystems, verifyStack } from "../../../cli/verify/verify-stack.js";
import { STACK_LABEL, tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { findingsOf, type Verification } from "../../../operate/verify/verification.js";
import type { PlannedResource, StackPlan } from "../../../review/planned-resource.js";
import { recordStack } from "../../../review/record/record-stack.js";
import { fixtures } from "../fixtures.js";
import type { FakeCluster } from "./fake-cluster.js";
import { fixtureCluster } from "./fixture-cluster.js";
import { planned, planOf } from "./plans.js";
import { fleetSpec } from "./spec.js";
import { stackSpec } from "./stack-config.js";

/** The plan of the fixtures' stack `staging`, without Flux's controllers and definitions. */
export async function fixturePlan(): Promise<StackPlan> {
  const plan = await recordStack({ root: fixtures, spec: stackSpec(fixtures, "staging"), config: {} });
  const resources = plan.resources.map((one) => (one.name === "fleet-flux-namespace-flux-system" ? ofStack(one) : one));
  return { ...plan, resources };
}

/** Flux's namespace with the labels that the hardening gives it. */
function ofStack(resource: PlannedResource): PlannedResource {
  const { metadata } = resource.inputs as { readonly metadata: object };
  return {
    ...resource,
    inputs: {
      ...resource.inputs,
      metadata: { ...metadata, labels: { [STACK_LABEL]: "staging", "app.kubernetes.io/managed-by": "fleet" } },
    },
  };
}

/** A plan of this many tenants with one namespace each. */
export function planOfTenants(count: number): StackPlan {
  const flux = { name: "flux-system", labels: { [STACK_LABEL]: "staging", "app.kubernetes.io/managed-by": "fleet" } };
  const tenants = Array.from({ length: count }, (_, index) => `team-${index}`);
  return planOf([planned("core/v1:Namespace", flux), ...tenants.flatMap(tenantObjects)], { tenants });
}

function tenantObjects(tenant: string): PlannedResource[] {
  const labels = tenantLabels("staging", tenant);
  const place = { namespace: tenant, labels };
  const subjects = [{ kind: "ServiceAccount", name: "reconciler", namespace: tenant }];
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "fleet-tenant-reconciler" };
  return [
    planned("core/v1:Namespace", { name: tenant, labels }, {}, { tenant }),
    planned("core/v1:ServiceAccount", { ...place, name: "reconciler" }, {}, { tenant }),
    planned(
      "rbac.authorization.k8s.io/v1:RoleBinding",
      { ...place, name: "reconciler" },
      { roleRef, subjects },
      { tenant },
    ),
    planned("core/v1:ResourceQuota", { ...place, name: "tenant" }, { spec: { hard: { pods: "50" } } }, { tenant }),
  ];
}

/** Gives each test of a suite the fixtures' plan, and a cluster of its own. @param set gets both before each test */
export function onFixture(set: (fixture: { readonly plan: StackPlan; readonly cluster: FakeCluster }) => void): void {
  let plan: StackPlan;
  before(async () => {
    plan = await fixturePlan();
  });
  beforeEach(() => set({ plan, cluster: fixtureCluster(plan) }));
}

/** Waits for no run of a sync. */
export const atOnce: SettleTimes = { now: () => 0, pause: async () => undefined, limitMs: 0 };

/** Verifies a cluster against a plan, without GitHub. */
export async function verified(
  plan: StackPlan,
  client: ApiClient,
  args: Partial<VerifyArgs> = {},
  systems: Partial<VerifySystems> = {},
): Promise<Verification> {
  const now = () => Date.UTC(2026, 10, 27);
  const use: VerifySystems = { connect: async () => client, plan: async () => plan, now, settle: atOnce, ...systems };
  const own: VerifyArgs = {
    root: fixtures,
    stack: "staging",
    others: [{ stack: "prod-eu", tenants: [] }],
    accepted: [],
    spec: fleetSpec(),
    withoutGitHub: true,
    environment: { GITHUB_OWNER: "acme" },
    progress: () => undefined,
  };
  return await verifyStack({ ...own, ...args }, use);
}

/** The findings as `KIND OBJECT: DIFFERENCE`. */
export function findingTexts(verification: Verification): string[] {
  return findingsOf(verification).map(({ kind, object, difference }) => `${kind} ${object}: ${difference}`);
}
