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
import { app, appSelector, daily, type Legitimate } from "./legitimate.js";

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

/** Workloads and what scales and protects them. */
export const workloads: readonly Legitimate[] = daily((place) => ({
  "a Deployment of several replicas": deployment(place, app(), { replicas: 3 }),
  "a Deployment of the tenants' priority": deployment(place, app({}, { priorityClassName: "tenant-default" })),
  "a Deployment that is rolled out one pod at a time": deployment(place, app(), {
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
  }),
  "a Deployment that is replaced at once": deployment(place, app(), { strategy: { type: "Recreate" } }),
  "a Deployment with probes": deployment(place, app({ livenessProbe: http, readinessProbe: http, startupProbe: http })),
  "a Deployment with requests and limits": deployment(
    place,
    app({ resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } } }),
  ),
  "a Deployment with variables from ConfigMaps and Secrets": deployment(
    place,
    app({
      env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } }],
      envFrom: [{ configMapRef: { name: "settings" } }],
    }),
  ),
  "a Deployment with an init container": deployment(place, withInit({ name: "migrate" })),
  "a Deployment with a sidecar": deployment(place, withInit({ name: "proxy", restartPolicy: "Always" })),
  "a Deployment with a hook before it ends": deployment(
    place,
    app({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }, { terminationGracePeriodSeconds: 60 }),
  ),
  "a Deployment that is spread over nodes": deployment(
    place,
    app(
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
  ),
  "a Deployment with an account of its own and its token": deployment(
    place,
    app({}, { serviceAccountName: "application", automountServiceAccountToken: true }),
  ),
  "a Deployment with an image by digest that is always pulled": deployment(
    place,
    app({
      image: `registry.example.com/main@sha256:${"0".repeat(64)}`,
      imagePullPolicy: "Always",
    }),
  ),
  "a Deployment with credentials for its images": deployment(
    place,
    app({}, { imagePullSecrets: [{ name: "registry" }] }),
  ),
  "a Deployment with a read-only root file system": deployment(
    place,
    app(ofContainer({ readOnlyRootFilesystem: true })),
  ),
  "a Deployment that binds a low port": deployment(
    place,
    app(ofContainer({ capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } })),
  ),
  "a Deployment of the priority of batch work": deployment(place, app({}, { priorityClassName: "tenant-batch" })),
  "a Deployment with a ConfigMap's files": deployment(place, withVolume({ configMap: { name: "settings" } })),
  "a Deployment with a Secret's files": deployment(place, withVolume({ secret: { secretName: "database" } })),
  "a Deployment with an empty directory": deployment(place, withVolume({ emptyDir: { sizeLimit: "1Gi" } })),
  "a Deployment with an empty directory in memory": deployment(
    place,
    withVolume({ emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }),
  ),
  "a Deployment with its own labels as files": deployment(
    place,
    withVolume({
      downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
    }),
  ),
  "a Deployment with a token for a cloud": deployment(
    place,
    withVolume({
      projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.example.com" } }] },
    }),
  ),
  "a Deployment with a claimed volume": deployment(place, withVolume({ persistentVolumeClaim: { claimName: "data" } })),
  "a Deployment with a volume that goes with the pod": deployment(
    place,
    withVolume({ ephemeral: { volumeClaimTemplate: { spec: claimSpec() } } }),
  ),
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
}));
