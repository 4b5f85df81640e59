import assert from "node:assert/strict";
import { fluxControllers } from "../../../../operate/audit/flux-controllers.js";
import { judgeApiVersions, successorOf } from "../../../../operate/audit/judge-api-versions.js";
import { judgeImages } from "../../../../operate/audit/judge-images.js";
import { judgeOwners } from "../../../../operate/audit/judge-owners.js";
import { judgeReadiness } from "../../../../operate/audit/judge-readiness.js";
import { installedCluster, liveObject, readyLive } from "../../../support/unit/audited-cluster.js";

const podOf = (...images: readonly string[]) => ({
  template: { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } },
});
const workload = (name: string, spec: object) => liveObject({ namespace: "a", name }, { spec });
const digest = `@sha256:${"0".repeat(64)}`;

describe("audit of images", () => {
  it("names workloads with images that no digest pins, once each, and moving tags as more severe", () => {
    const found = judgeImages(
      {
        Deployment: [workload("web", podOf("web:1", `side:1${digest}`, "web:1"))],
        StatefulSet: [workload("latest", podOf("registry:5000/db"))],
        DaemonSet: [workload("port", podOf("registry:5000/agent:1.2"))],
        CronJob: [workload("job", { jobTemplate: { spec: podOf("job:latest") } })],
      },
      [],
    );
    assert.deepEqual(
      found.map(({ severity, object, detail }) => `${severity} ${object} ${detail}`),
      [
        "low Deployment a/web runs web:1",
        "medium StatefulSet a/latest runs registry:5000/db",
        "low DaemonSet a/port runs registry:5000/agent:1.2",
        "medium CronJob a/job runs job:latest",
      ],
    );
    const path = "/spec/jobTemplate/spec/template/spec/containers/0/image";
    assert.match(found[3]?.fix ?? "", new RegExp(`"path":"${path}","value":"job:latest@sha256:DIGEST"`));
  });

  it("names Flux's own images as more severe, and finds nothing in pinned ones", () => {
    const cluster = installedCluster();
    const found = judgeImages(cluster, fluxControllers(cluster));
    assert.deepEqual([...new Set(found.map(({ severity }) => severity))], ["medium"]);
    assert.deepEqual(judgeImages({ Deployment: [workload("web", podOf(`web:1${digest}`))] }, []), []);
  });
});

describe("audit of owners", () => {
  const labels = { "kustomize.toolkit.fluxcd.io/name": "app", "kustomize.toolkit.fluxcd.io/namespace": "a" };
  const orphans = {
    ConfigMap: [liveObject({ namespace: "a", name: "c", labels })],
    Namespace: [liveObject({ name: "a", labels })],
  };

  it("names objects whose Kustomization or HelmRelease is gone, and deletes no namespace", () => {
    const helm = { "helm.toolkit.fluxcd.io/name": "chart", "helm.toolkit.fluxcd.io/namespace": "a" };
    const found = judgeOwners({
      ...orphans,
      Kustomization: [readyLive("b", "app", {})],
      HelmRelease: [],
      Service: [liveObject({ namespace: "a", name: "s", labels: helm })],
    });
    assert.deepEqual(
      found.map(({ object, detail }) => `${object} ${detail.split(",")[0]}`),
      [
        "Namespace a Kustomization a/app does not exist",
        "Service a/s HelmRelease a/chart does not exist",
        "ConfigMap a/c Kustomization a/app does not exist",
      ],
    );
    assert.equal(
      found[0]?.fix,
      "kubectl label namespaces/a kustomize.toolkit.fluxcd.io/name- kustomize.toolkit.fluxcd.io/namespace-",
    );
    assert.equal(found[2]?.fix, "kubectl delete configmaps/c --namespace a");
  });

  it("finds nothing where the owner exists, or where owners could not be read", () => {
    assert.deepEqual(judgeOwners({ ...orphans, Kustomization: [readyLive("a", "app", {})] }), []);
    assert.deepEqual(judgeOwners(orphans), []);
  });
});

describe("audit of readiness", () => {
  const withCondition = (name: string, ...conditions: readonly object[]) =>
    liveObject({ namespace: "a", name, generation: 1 }, { spec: {}, status: { conditions } });

  it("names suspended, failing and never-reconciled objects, in Flux's words", () => {
    const failed = { type: "Ready", status: "False", message: "build\nfailed \u001b[2J" };
    const managedFields = [
      {
        manager: "flux",
        operation: "Update",
        time: "2026-11-27T10:00:00Z",
        fieldsV1: { "f:spec": { "f:suspend": {} } },
      },
    ];
    const found = judgeReadiness({
      Kustomization: [
        withCondition("failing", failed),
        readyLive("a", "suspended", { suspend: true }, { managedFields }),
        withCondition("new"),
      ],
      GitRepository: [withCondition("source", failed)],
    });
    assert.deepEqual(
      found.map(({ severity, rule, object, detail }) => `${severity} ${rule} ${object} ${detail}`),
      [
        "medium sync-failing Kustomization a/failing build failed \\u{1b}[2J",
        "low sync-suspended Kustomization a/suspended suspended by flux since 2026-11-27T10:00:00Z",
        "medium sync-never-reconciled Kustomization a/new has no Ready condition yet",
        "medium sync-failing GitRepository a/source build failed \\u{1b}[2J",
      ],
    );
    assert.equal(found[2]?.fix, "flux reconcile kustomization new --namespace a");
  });

  it("finds nothing in what is Ready or in progress, nor in the address of an OCI registry", () => {
    const address = liveObject({ namespace: "a", name: "oci" }, { spec: { type: "oci", url: "oci://registry" } });
    const progress = withCondition("progress", { type: "Ready", status: "Unknown", message: "in progress" });
    assert.deepEqual(
      judgeReadiness({ Kustomization: [readyLive("a", "app", {}), progress], HelmRepository: [address] }),
      [],
    );
  });
});

describe("audit of API versions", () => {
  it("names deprecated versions of clients and of applied manifests", () => {
    const field = (manager: string, apiVersion: string, subresource?: string) => {
      return { manager, operation: "Update", apiVersion, subresource, fieldsV1: {} };
    };
    const managedFields = [
      field("argo", "kustomize.toolkit.fluxcd.io/v1beta2"),
      field("kubectl", "kustomize.toolkit.fluxcd.io/v1"),
      field("controller", "kustomize.toolkit.fluxcd.io/v1beta1", "status"),
    ];
    const entries = [
      { id: "a_web_autoscaling_HorizontalPodAutoscaler", v: "v2beta2" },
      { id: "a_more_autoscaling_HorizontalPodAutoscaler", v: "v2beta2" },
      { id: "a_web__Service", v: "v1" },
      { id: "a_web_extensions_Ingress", v: "v1beta1" },
    ];
    const sync = liveObject({ namespace: "a", name: "app", managedFields }, { status: { inventory: { entries } } });
    assert.deepEqual(
      judgeApiVersions({ Kustomization: [sync] }).map(({ severity, detail, fix }) => [severity, detail, fix]),
      [
        [
          "low",
          "argo writes it as kustomize.toolkit.fluxcd.io/v1beta2",
          "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization",
        ],
        [
          "medium",
          "applies HorizontalPodAutoscaler as autoscaling/v2beta2",
          "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler",
        ],
        ["medium", "applies Ingress as extensions/v1beta1", "apiVersion: networking.k8s.io/v1\nkind: Ingress"],
      ],
    );
  });

  it("knows the successor by kind, and takes no property of objects for a group", () => {
    assert.equal(
      successorOf("notification.toolkit.fluxcd.io", "v1beta2", "Receiver"),
      "notification.toolkit.fluxcd.io/v1",
    );
    assert.equal(successorOf("notification.toolkit.fluxcd.io", "v1beta3", "Alert"), undefined);
    assert.equal(successorOf("networking.k8s.io", "v1beta1", "IPAddress"), undefined);
    assert.equal(successorOf("constructor", "v1", "Any"), undefined);
  });
});
