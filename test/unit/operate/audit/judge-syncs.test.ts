import assert from "node:assert/strict";
import type { AuditedCluster } from "../../../../operate/audit/audited-cluster.js";
import { fluxControllers } from "../../../../operate/audit/flux-controllers.js";
import { judgeReferences } from "../../../../operate/audit/judge-references.js";
import { judgeSyncAccounts } from "../../../../operate/audit/judge-sync-accounts.js";
import { auditedSyncs } from "../../../../operate/audit/syncs.js";
import { installedCluster, lockedArgs, readyLive, withObjects } from "../../../support/unit/audited-cluster.js";

function judge(added: AuditedCluster, args?: readonly string[]) {
  const cluster = withObjects(installedCluster(args), added);
  const controllers = fluxControllers(cluster);
  return [...judgeSyncAccounts(auditedSyncs(cluster, controllers)), ...judgeReferences(cluster, controllers)];
}

const textOf = ({ severity, rule, object, detail }: ReturnType<typeof judge>[number]) =>
  `${severity} ${rule} ${object}: ${detail}`;

describe("audit of syncs", () => {
  it("names syncs that are applied with a controller's rights, and those of the platform as less severe", () => {
    const found = judge({
      Kustomization: [readyLive("a", "app", {}), readyLive("flux-system", "flux-system", {})],
      HelmRelease: [readyLive("a", "chart", { serviceAccountName: "" })],
    });
    const own = (controller: string) => `names no service account, so ${controller} applies with its own rights`;
    assert.deepEqual(found.map(textOf), [
      `high sync-without-account Kustomization a/app: ${own("kustomize-controller")}`,
      `medium sync-without-account Kustomization flux-system/flux-system: ${own("kustomize-controller")}`,
      `high sync-without-account HelmRelease a/chart: ${own("helm-controller")}`,
    ]);
    assert.match(
      found[0]?.fix ?? "",
      /--namespace a --type merge --patch '{"spec":{"serviceAccountName":"reconciler"}}'$/,
    );
  });

  it("names the account that a flag gives, as a low severity", () => {
    const [found, ...others] = judge({ Kustomization: [readyLive("a", "app", {})] }, lockedArgs);
    assert.deepEqual(others, []);
    assert.equal(found?.severity, "low");
    assert.match(found?.detail ?? "", /a flag of kustomize-controller has it apply as default$/);
  });

  it("finds nothing in a sync with an account, or to another cluster", () => {
    const kubeConfig = { secretRef: { name: "other" } };
    const syncs = [
      readyLive("a", "app", { serviceAccountName: "reconciler" }),
      readyLive("a", "other", { kubeConfig }),
    ];
    assert.deepEqual(judge({ Kustomization: syncs }), []);
  });

  it("names references to other namespaces in each kind, with a patch that ends them", () => {
    const other = { kind: "GitRepository", name: "x", namespace: "b" };
    const serviceAccountName = "reconciler";
    const found = judge({
      Kustomization: [readyLive("a", "app", { serviceAccountName, sourceRef: other })],
      HelmRelease: [
        readyLive("a", "chart", { serviceAccountName, chart: { spec: { sourceRef: other } } }),
        readyLive("a", "oci", { serviceAccountName, chartRef: other }),
      ],
      Alert: [readyLive("a", "alert", { eventSources: [{ kind: "Kustomization", name: "*" }, other] })],
      Receiver: [readyLive("a", "hook", { resources: [other] })],
      ImagePolicy: [readyLive("a", "policy", { imageRepositoryRef: { name: "x", namespace: "b" } })],
      ImageUpdateAutomation: [readyLive("a", "update", { sourceRef: other })],
    });
    assert.deepEqual(found.map(textOf), [
      "medium reference-cross-namespace Kustomization a/app: sourceRef leads to b/x",
      "medium reference-cross-namespace HelmRelease a/chart: chart.spec.sourceRef leads to b/x",
      "medium reference-cross-namespace HelmRelease a/oci: chartRef leads to b/x",
      "medium reference-cross-namespace Alert a/alert: eventSources.1 leads to b/x",
      "medium reference-cross-namespace Receiver a/hook: resources.0 leads to b/x",
      "medium reference-cross-namespace ImagePolicy a/policy: imageRepositoryRef leads to b/x",
      "medium reference-cross-namespace ImageUpdateAutomation a/update: sourceRef leads to b/x",
    ]);
    assert.match(found[3]?.fix ?? "", /'\[{"op":"remove","path":"\/spec\/eventSources\/1\/namespace"}\]'$/);
  });

  it("says where a controller refuses the reference, and takes the own namespace for none", () => {
    const at = (namespace: string) => ({
      serviceAccountName: "x",
      sourceRef: { kind: "Bucket", name: "x", namespace },
    });
    const syncs = [readyLive("a", "app", at("b")), readyLive("a", "own", at("a"))];
    assert.deepEqual(judge({ Kustomization: syncs }, lockedArgs).map(textOf), [
      "low reference-cross-namespace Kustomization a/app: sourceRef leads to b/x; kustomize-controller refuses it",
    ]);
  });
});
