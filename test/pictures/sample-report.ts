import { objectList } from "../../lib/kubernetes/object-forms.js";
import { tenantLabels } from "../../lib/kubernetes/ownership-labels.js";
import { buildReport, type StackLooks } from "../../operate/report/build-report.js";
import { changesSince } from "../../operate/report/changes.js";
import { reportPage } from "../../operate/report/page/page.js";
import { clusterStatus } from "../../operate/status/stack-status.js";
import type { StackPlan } from "../../review/planned-resource.js";
import { fixtures } from "../support/fixtures.js";
import { fixtureCluster, fixtureSyncs } from "../support/unit/fixture-cluster.js";
import { readyObject } from "../support/unit/live-stack.js";
import { stackSpec } from "../support/unit/stack-config.js";
import { fixturePlan, verified } from "../support/unit/verified-stack.js";

const day = 86_400_000;
const begin = Date.UTC(2026, 10, 26);

/** The page of the fixtures' stack `staging` after damages by hand, compared with a report of the day before. */
export async function sampleReport(): Promise<string> {
  const plan = await fixturePlan();
  const earlier = buildReport([await look(plan, false)], begin);
  const silent: StackLooks = {
    stack: "prod-eu",
    problems: ["no context of KUBECONFIG leads to its cluster (prod-eu: there was no complete answer within 30 s)"],
    organisation: "acme",
  };
  const report = buildReport([await look(plan, true), silent], begin + day);
  return reportPage(report, changesSince(earlier, report));
}

/** A look at the cluster in memory. */
async function look(plan: StackPlan, isDamaged: boolean): Promise<StackLooks> {
  const cluster = fixtureCluster(plan);
  if (isDamaged) {
    const { subjects } = cluster.get("RoleBinding", "reconciler", "team-search") as { readonly subjects?: object[] };
    subjects?.push({ kind: "ServiceAccount", name: "reconciler", namespace: "payments" });
    // The API server in memory answers reviews by these texts alone.
    const reconciler = "system:serviceaccount:payments:reconciler";
    for (const right of ["get secrets", "create pods"]) cluster.granted.add(`${reconciler} ${right} in team-search`);
    cluster.silent.add("fleet-host-ports");
    cluster.remove("LimitRange", "tenant", "payments");
  }
  const spec = stackSpec(fixtures, "staging");
  const status = clusterStatus(
    spec,
    { objects: statusObjects(isDamaged ? "b702b04a" : "4877c72e"), unread: {} },
    begin,
  );
  const verification = await verified(plan, cluster, { spec });
  const server = "https://staging.example.com:6443";
  return {
    stack: "staging",
    context: "staging",
    server,
    problems: [],
    spec,
    organisation: "acme",
    status,
    verification,
  };
}

/** The objects of a status. @param commit that every sync applies */
function statusObjects(commit: string) {
  const revision = `main@sha1:${commit.padEnd(40, "0")}`;
  const list = (items: readonly object[]) => objectList.parse({ items }).items;
  const controllers = ["helm", "kustomize", "notification", "source"].map((name) => ({
    metadata: {
      name: `${name}-controller`,
      namespace: "flux-system",
      generation: 1,
      labels: { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": "v2.9.2" },
    },
    spec: { replicas: 1 },
    status: { availableReplicas: 1, updatedReplicas: 1, observedGeneration: 1 },
  }));
  const fieldsV1 = { "f:data": { "f:identity": {} } };
  const managedFields = [{ manager: "fleet", operation: "Apply", time: "2026-10-05T08:00:00Z", fieldsV1 }];
  const secrets = fixtureSyncs.slice(1).map(([namespace, tenant]) => ({
    metadata: { namespace, name: "tenant-git", labels: tenantLabels("staging", tenant), managedFields },
  }));
  const used = { "requests.cpu": "500m", "requests.memory": "1Gi", pods: "4" };
  const hard = { "requests.cpu": "4", "requests.memory": "8Gi", pods: "50" };
  return {
    deployments: list(controllers),
    gitRepositories: list(
      fixtureSyncs.map(([namespace, name]) => readyObject(namespace, name, {}, { artifact: { revision } })),
    ),
    kustomizations: list(
      fixtureSyncs.map(([namespace, name]) => readyObject(namespace, name, {}, { lastAppliedRevision: revision })),
    ),
    helmReleases: [],
    secrets: list(secrets),
    quotas: list(
      fixtureSyncs.slice(1).map(([namespace]) => ({ metadata: { namespace, name: "tenant" }, status: { hard, used } })),
    ),
  };
}
