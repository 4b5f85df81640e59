import { gitSource } from "../../support/objects/sources.js";
import { chartTemplate, helmRelease, kustomization } from "../../support/objects/syncs.js";
import { allowed, type Case, type Place, refused } from "./cases.js";
import { syncDurations } from "./duration-cases.js";
import { syncExpressions } from "./expression-cases.js";

const theirs = { name: "theirs", namespace: "team-b" };
const chartRef = { kind: "OCIRepository", name: "mine" };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "own" };

/** A strategy by which a failed installation or upgrade is tried again. */
const retrying = (retryInterval: string) => ({ strategy: { name: "RetryOnFailure", retryInterval } });

/** Policy fleet-flux-sync. */
export function syncCases(place: Place): Case[] {
  return [
    ...accountCases(place),
    ...targetCases(place),
    ...referenceCases(place),
    ...intervalCases(place),
    ...timeoutCases(place),
    ...allowedSyncs(place),
    ...syncDurations(place),
    ...syncExpressions(place),
  ];
}

function accountCases(place: Place): Case[] {
  return refused(/spec\.serviceAccountName must name/, {
    "a Kustomization without account": kustomization(place, { serviceAccountName: undefined }),
    "a Kustomization with an empty account": kustomization(place, { serviceAccountName: "" }),
    "a Kustomization as default": kustomization(place, { serviceAccountName: "default" }),
    "a HelmRelease without account": helmRelease(place, { serviceAccountName: undefined }),
    "a HelmRelease as default": helmRelease(place, { serviceAccountName: "default" }),
  });
}

/** The namespace and the cluster that a sync applies to. */
function targetCases(place: Place): Case[] {
  const kubeConfig = { secretRef: { name: "elsewhere" } };
  return [
    ...refused(/spec\.targetNamespace and spec\.storageNamespace must be this namespace/, {
      "a Kustomization into another namespace": kustomization(place, { targetNamespace: "kube-system" }),
      "a HelmRelease into another namespace": helmRelease(place, { targetNamespace: "kube-system" }),
      "a HelmRelease stored in another namespace": helmRelease(place, { storageNamespace: "team-b" }),
    }),
    ...refused(/spec\.kubeConfig leads/, {
      "a Kustomization for another cluster": kustomization(place, { kubeConfig }),
      "a HelmRelease for another cluster": helmRelease(place, { kubeConfig }),
    }),
  ];
}

function referenceCases(place: Place): Case[] {
  return refused(/sources, dependencies and health checks must be in this namespace/, {
    "a Kustomization from the platform's source": kustomization(place, {
      sourceRef: { ...gitSource("platform"), namespace: "flux-system" },
    }),
    "a Kustomization that waits for another tenant's": kustomization(place, { dependsOn: [{ name: "own" }, theirs] }),
    "a Kustomization that waits for the health of what is elsewhere": kustomization(place, {
      healthChecks: [deployment, { ...deployment, ...theirs }],
    }),
    "a HelmRelease that waits for another tenant's": helmRelease(place, { dependsOn: [theirs] }),
    "a HelmRelease with a chart from another namespace": helmRelease(place, {
      chart: chartTemplate({ sourceRef: { ...gitSource(), namespace: "team-b" } }),
    }),
    "a HelmRelease with a chart reference to another namespace": helmRelease(place, {
      chart: undefined,
      chartRef: { ...chartRef, namespace: "team-b" },
    }),
  });
}

function intervalCases(place: Place): Case[] {
  return refused(/intervals must be 10s to 8760h/, {
    "a Kustomization every second": kustomization(place, { interval: "1s" }),
    "a Kustomization every 9999 ms": kustomization(place, { interval: "9s999ms" }),
    "a Kustomization tried again every second": kustomization(place, { retryInterval: "1s" }),
    "a HelmRelease every second": helmRelease(place, { interval: "1s" }),
    "a chart looked for every second": helmRelease(place, { chart: chartTemplate({ interval: "1s" }) }),
    "a HelmRelease installed again every second": helmRelease(place, { install: retrying("1s") }),
    "a HelmRelease upgraded again every second": helmRelease(place, { upgrade: retrying("1s") }),
  });
}

function timeoutCases(place: Place): Case[] {
  const healthChecks = [deployment];
  return [
    ...refused(/timeouts must be 1s to 5m/, {
      "a Kustomization that waits for hours": kustomization(place, { wait: true, timeout: "8h" }),
      "a Kustomization that waits for six minutes": kustomization(place, { wait: true, timeout: "6m" }),
      "a HelmRelease that waits for hours": helmRelease(place, { timeout: "8h" }),
      "a HelmRelease that waits for hours when it is upgraded": helmRelease(place, { upgrade: { timeout: "5m1s" } }),
    }),
    // Without a timeout, the interval is the time to wait.
    ...refused(/Kustomizations that wait must have a timeout, or an interval of 10m or shorter/, {
      "a Kustomization that waits until it runs again, eleven minutes later": kustomization(place, {
        wait: true,
        interval: "11m",
      }),
      "a Kustomization that waits until it runs again, days later": kustomization(place, {
        wait: true,
        interval: "72h",
      }),
      "a Kustomization that waits for what it removes until it runs again, half an hour later": kustomization(place, {
        deletionPolicy: "WaitForTermination",
        interval: "30m",
      }),
      "a Kustomization that waits for one thing until it runs again, days later": kustomization(place, {
        healthChecks,
        interval: "72h",
      }),
    }),
  ];
}

function allowedSyncs(place: Place): Case[] {
  const { namespace } = place;
  return allowed({
    "a Kustomization that runs once in days, and waits for minutes": kustomization(place, {
      wait: true,
      interval: "72h",
      timeout: "5m",
    }),
    "a Kustomization that waits and has no timeout, as most have none": kustomization(place, {
      wait: true,
      interval: "10m",
    }),
    "a Kustomization that waits for what it removes and has no timeout": kustomization(place, {
      deletionPolicy: "WaitForTermination",
      interval: "10m",
    }),
    "a Kustomization that runs once in days": kustomization(place, { interval: "72h" }),
    "a Kustomization as its own account": kustomization(place),
    "a Kustomization that says its own namespace everywhere": kustomization(place, {
      interval: "10s",
      retryInterval: "1m30s",
      targetNamespace: namespace,
      sourceRef: { ...gitSource(), namespace },
      dependsOn: [{ name: "own", namespace }],
      healthChecks: [{ ...deployment, namespace }],
    }),
    "a HelmRelease as its own account": helmRelease(place),
    "a HelmRelease that says its own namespace everywhere": helmRelease(place, {
      chart: undefined,
      chartRef: { ...chartRef, namespace },
      targetNamespace: namespace,
      storageNamespace: namespace,
      install: retrying("10s"),
    }),
  });
}
