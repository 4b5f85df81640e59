import { nodeCapacity, runnerNamespaces } from "./node.js";

/** One condition of a stage: a jq expression over the object, and what its results must be. */
export interface StageCondition {
  readonly jq:
    | { readonly key: string; readonly operator: "In" | "NotIn"; readonly values: readonly string[] }
    | { readonly key: string; readonly operator: "Exists" | "DoesNotExist" };
}

/** A step in the life of objects of one kind, as kwok reads it. */
export interface Stage {
  readonly apiVersion: "kwok.x-k8s.io/v1alpha1";
  readonly kind: "Stage";
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly resourceRef: { readonly apiGroup: "v1"; readonly kind: "Node" | "Pod" };
    readonly selector: { readonly matchExpressions: readonly StageCondition[] };
    readonly steps: readonly ({ readonly patch: Patch } | { readonly delete: true })[];
  };
}

interface Patch {
  readonly subresource: "status";
  readonly root: "status";
  /** A Go template that renders YAML. */
  readonly template: string;
}

/**
 * How the fake kubelet lets nodes and pods live: the node gets Ready; a pod that is scheduled runs and is Ready at
 * once; one that is meant to end succeeds; one that is being deleted goes.
 * @see https://kwok.sigs.k8s.io/docs/user/stages-configuration/
 */
export function stages(): Stage[] {
  return [nodeReady, podRuns, podSucceeds, podGoes];
}

const whereReady = (kind: string) => `.status.conditions.[] | select( .type == "${kind}" ) | .status`;

/** The first fields of a container's status: kwok runs no container, and so restarts none. */
const neverRestarted = `- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  restartCount: 0`;

/** Pods of the Flux runner's namespaces are not kwok's. */
const notOfRunner: StageCondition = {
  jq: { key: ".metadata.namespace", operator: "NotIn", values: runnerNamespaces },
};
const notDeleted: StageCondition = { jq: { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" } };

/** Also the way back: the controller manager marks a node that was away as unknown, which is not Ready either. */
const nodeReady = stage(
  "node-ready",
  "Node",
  [{ jq: { key: whereReady("Ready"), operator: "NotIn", values: ["True"] } }],
  {
    patch: {
      subresource: "status",
      root: "status",
      template: `{{ $now := Now }}
phase: Running
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
{{ end }}
addresses:
- { type: InternalIP, address: {{ NodeIP | Quote }} }
- { type: Hostname, address: {{ .metadata.name | Quote }} }
capacity: ${JSON.stringify(nodeCapacity)}
allocatable: ${JSON.stringify(nodeCapacity)}
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  osImage: fleet sandbox
  kernelVersion: none
  kubeletVersion: {{ printf "kwok-%s" Version | Quote }}
  kubeProxyVersion: none
  containerRuntimeVersion: {{ printf "kwok://%s" Version | Quote }}
  machineID: ""
  systemUUID: ""
  bootID: ""
`,
    },
  },
);

const podRuns = stage(
  "pod-runs",
  "Pod",
  [notOfRunner, notDeleted, { jq: { key: ".status.phase", operator: "In", values: ["Pending"] } }],
  {
    patch: {
      subresource: "status",
      root: "status",
      template: `{{ $now := Now }}
{{ $conditions := list "Initialized" "PodReadyToStartContainers" "ContainersReady" "Ready" }}
phase: Running
startTime: {{ $now | Quote }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
hostIPs:
- ip: {{ NodeIPWith .spec.nodeName | Quote }}
{{ $ip := PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ $ip | Quote }}
podIPs:
- ip: {{ $ip | Quote }}
conditions:
{{ range $conditions }}
- { type: {{ . }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
{{ range .spec.readinessGates }}
- { type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
{{ if .spec.initContainers }}
initContainerStatuses:
{{ range .spec.initContainers }}
${neverRestarted}
  ready: true
{{ if eq ( or .restartPolicy "" ) "Always" }}
  started: true
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ else }}
  started: false
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}
{{ end }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
${neverRestarted}
  ready: true
  started: true
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
`,
    },
  },
);

/** A restart policy other than Always is what tells a pod that is meant to end: Jobs must have one. */
const podSucceeds = stage(
  "pod-succeeds",
  "Pod",
  [
    notOfRunner,
    notDeleted,
    { jq: { key: ".status.phase", operator: "In", values: ["Running"] } },
    { jq: { key: ".spec.restartPolicy", operator: "In", values: ["Never", "OnFailure"] } },
  ],
  {
    patch: {
      subresource: "status",
      root: "status",
      template: `{{ $now := Now }}
{{ $start := or .status.startTime $now }}
phase: Succeeded
conditions:
- { type: Initialized, status: "True", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
- { type: ContainersReady, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
- { type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }} }
containerStatuses:
{{ range .spec.containers }}
${neverRestarted}
  ready: false
  started: false
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $start | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}
`,
    },
  },
);

const podGoes = stage(
  "pod-goes",
  "Pod",
  [notOfRunner, { jq: { key: ".metadata.deletionTimestamp", operator: "Exists" } }],
  {
    delete: true,
  },
);

function stage(
  name: string,
  kind: "Node" | "Pod",
  matchExpressions: readonly StageCondition[],
  step: Stage["spec"]["steps"][number],
): Stage {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions }, steps: [step] },
  };
}
