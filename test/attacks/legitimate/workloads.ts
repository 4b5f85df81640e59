import type { Fields } from "../../support/objects/object.js";
import {
  autoscaler,
  claimSpec,
  container,
  cronJob,
  daemonSet,
  deployment,
  disruptionBudget,
  job,
  pod,
  securityContext,
  statefulSet,
  volumeClaim,
} from "../../support/objects/workloads.js";
import type { Place } from "../attack.js";
import { app, appSelector, daily, dailyDeployments, type Legitimate } from "./legitimate.js";

const { ofContainer } = securityContext;
const mounted = { volumeMounts: [{ name: "data", mountPath: "/data" }] };
const withVolume = (source: Fields) => app(mounted, { volumes: [{ name: "data", ...source }] });
const withInit = (fields: Fields) => app({}, { initContainers: [container(fields)] });
/** A metric that an autoscaler keeps at a part of what is requested. */
const utilization = (name: string) => ({
  minReplicas: 2,
  metrics: [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization: 70 } } }],
});
const http = { httpGet: { path: "/healthy", port: "http" } };

/** Pods of Deployments. */
const pods = {
  "with probes": app({ livenessProbe: http, readinessProbe: http, startupProbe: http }),
  "with requests and limits": app({
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
  }),
  "with variables from ConfigMaps and Secrets": app({
    env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } }],
    envFrom: [{ configMapRef: { name: "settings" } }],
  }),
  "with an init container": withInit({ name: "migrate" }),
  "with a sidecar": withInit({ name: "proxy", restartPolicy: "Always" }),
  "with a hook before it ends": app(
    { lifecycle: { preStop: { sleep: { seconds: 5 } } } },
    { terminationGracePeriodSeconds: 60 },
  ),
  "that is spread over nodes": app(
    {},
    {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: appSelector },
        },
      ],
    },
  ),
  "with an account of its own and its token": app(
    {},
    { serviceAccountName: "application", automountServiceAccountToken: true },
  ),
  "with an image by digest that is always pulled": app({
    image: `registry.example.com/main@sha256:${"0".repeat(64)}`,
    imagePullPolicy: "Always",
  }),
  "with credentials for its images": app({}, { imagePullSecrets: [{ name: "registry" }] }),
  "with a read-only root file system": app(ofContainer({ readOnlyRootFilesystem: true })),
  "that binds a low port": app(ofContainer({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } })),
  "of the priority of batch work": app({}, { priorityClassName: "tenant-batch" }),
  "with a ConfigMap's files": withVolume({ configMap: { name: "settings" } }),
  "with a Secret's files": withVolume({ secret: { secretName: "database" } }),
  "with an empty directory": withVolume({ emptyDir: { sizeLimit: "1Gi" } }),
  "with an empty directory in memory": withVolume({ emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }),
  "with its own labels as files": withVolume({
    downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
  }),
  "with a token for a cloud": withVolume({
    projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.example.com" } }] },
  }),
  "with a claimed volume": withVolume({ persistentVolumeClaim: { claimName: "data" } }),
  "with a volume that goes with the pod": withVolume({ ephemeral: { volumeClaimTemplate: { spec: claimSpec() } } }),
};

/** Workloads and what scales and protects them. */
export const workloads: readonly Legitimate[] = [...daily(rollouts), ...dailyDeployments(pods), ...daily(kinds)];

function rollouts(place: Place) {
  return {
    "a Deployment of several replicas": deployment(place, app(), { replicas: 3 }),
    "a Deployment of the tenants' priority": deployment(place, app({}, { priorityClassName: "tenant-default" })),
    "a Deployment that is rolled out one pod at a time": deployment(place, app(), {
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    }),
    "a Deployment that is replaced at once": deployment(place, app(), { strategy: { type: "Recreate" } }),
  };
}

function kinds(place: Place) {
  return {
    "a StatefulSet": statefulSet(place, app()),
    "a StatefulSet with volumes": statefulSet(place, app(mounted), {
      podManagementPolicy: "Parallel",
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claimSpec() }],
    }),
    "a DaemonSet": daemonSet(place, app()),
    "a pod": pod(place, app()),
    "a Job": job(place, app()),
    "a Job that is removed once it has finished": job(place, app(), { ttlSecondsAfterFinished: 60, backoffLimit: 2 }),
    "a Job of many parts": job(place, app(), { completions: 5, parallelism: 2, completionMode: "Indexed" }),
    "a CronJob": cronJob(place, app()),
    "a CronJob in a time zone, one at a time": cronJob(place, app(), {
      timeZone: "Europe/Berlin",
      concurrencyPolicy: "Forbid",
    }),
    "an autoscaler by CPU": autoscaler(place, utilization("cpu")),
    "an autoscaler by memory": autoscaler(place, utilization("memory")),
    "a disruption budget": disruptionBudget(place, { minAvailable: 1 }),
    "a claim of a volume": volumeClaim(place),
    "a claim of a volume for many pods, of a class": volumeClaim(place, {
      accessModes: ["ReadWriteMany"],
      storageClassName: "fast",
    }),
  };
}
