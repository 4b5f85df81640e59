import { z } from "zod";
import type { Container, PodSpec } from "../release/deployment.js";
import { controllersOf } from "./controller.js";
import type { Step } from "./step.js";

/**
 * Refuses a controller whose pods violate the `restricted` standard, or run as another controller's service account. On
 * the cluster alone, a violation would show late: as a Deployment that never gets a pod.
 */
export const checkPodSecurity: Step = (objects, context) => {
  for (const { name, pod, unexpected } of controllersOf(objects, context)) {
    const { serviceAccountName: account } = pod;
    const violations = restrictedViolations(pod);
    if (account !== name) violations.push(`serviceAccountName must be ${name}, is ${account}`);
    if (violations.length > 0) throw unexpected(violations.join("; "));
  }
  return objects;
};

const profile = z.looseObject({ type: z.string() }).exactOptional();
const podContext = z.looseObject({
  runAsNonRoot: z.boolean().exactOptional(),
  runAsUser: z.int().exactOptional(),
  seccompProfile: profile,
  appArmorProfile: profile,
  sysctls: z.array(z.unknown()).exactOptional(),
});
const containerContext = podContext.extend({
  allowPrivilegeEscalation: z.boolean().exactOptional(),
  privileged: z.boolean().exactOptional(),
  readOnlyRootFilesystem: z.boolean().exactOptional(),
  procMount: z.string().exactOptional(),
  capabilities: z
    .looseObject({ drop: z.array(z.string()).exactOptional(), add: z.array(z.string()).exactOptional() })
    .exactOptional(),
});
type PodContext = z.infer<typeof podContext>;

const allowedVolume = /^(configMap|csi|downwardAPI|emptyDir|ephemeral|persistentVolumeClaim|projected|secret)$/;

/**
 * The violations of the Pod Security Standard `restricted` in a pod, one sentence each. It is stricter where Flux has no
 * need: a writable root file system, options for SELinux and Windows, sysctls and added capabilities are violations.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedViolations(pod: PodSpec): string[] {
  const context = podContext.safeParse(pod.securityContext ?? {});
  if (!context.success) return [`securityContext: ${z.prettifyError(context.error)}`];
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => pod[field] === true);
  const volumes = (pod.volumes ?? []).flatMap(({ name, ...source }) => {
    const kinds = Object.keys(source);
    if (kinds.length === 1 && allowedVolume.test(kinds.join())) return [];
    return [`the volume ${name} must be of an allowed kind, is ${kinds.join(", ") || "of none"}`];
  });
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  return [
    ...host.map((field) => `${field} must not be set`),
    ...broken("the pod", commonRules(context.data)),
    ...volumes,
    ...containers.flatMap((container) => containerViolations(container, context.data)),
  ];
}

function containerViolations(container: Container, pod: PodContext): string[] {
  const context = containerContext.safeParse(container.securityContext ?? {});
  if (!context.success) return [`${container.name}: ${z.prettifyError(context.error)}`];
  const own = context.data;
  const seccomp = (own.seccompProfile ?? pod.seccompProfile)?.type;
  return broken(`container ${container.name}`, [
    [own.allowPrivilegeEscalation === false, "allowPrivilegeEscalation must be false"],
    [own.privileged !== true, "privileged must not be set"],
    [own.readOnlyRootFilesystem === true, "readOnlyRootFilesystem must be true"],
    [(own.runAsNonRoot ?? pod.runAsNonRoot) === true, "runAsNonRoot must be true"],
    [own.capabilities?.drop?.includes("ALL") === true, "all capabilities must be dropped"],
    [(own.capabilities?.add ?? []).length === 0, "no capability may be added"],
    [own.procMount === undefined || own.procMount === "Default", "procMount must not be set"],
    [seccomp === "RuntimeDefault" || seccomp === "Localhost", "seccompProfile must be RuntimeDefault or Localhost"],
    [(container.ports ?? []).every(({ hostPort = 0 }) => hostPort === 0), "no port of the host may be used"],
    [!probesNameHost(container), "probes must not name a host"],
    ...commonRules(own),
  ]);
}

type Rule = readonly [holds: boolean, rule: string];

/** Rules on fields that pods and containers share. */
function commonRules(context: PodContext): Rule[] {
  return [
    [context.runAsNonRoot !== false, "runAsNonRoot must not be false"],
    [context.runAsUser !== 0, "runAsUser must not be 0"],
    [(context.sysctls ?? []).length === 0, "sysctls must not be set"],
    [context.seLinuxOptions === undefined, "seLinuxOptions must not be set"],
    [context.windowsOptions === undefined, "windowsOptions must not be set"],
    [context.appArmorProfile?.type !== "Unconfined", "appArmorProfile must not be Unconfined"],
    [context.seccompProfile?.type !== "Unconfined", "seccompProfile must not be Unconfined"],
  ];
}

function broken(where: string, rules: readonly Rule[]): string[] {
  return rules.filter(([holds]) => !holds).map(([, rule]) => `${where}: ${rule}`);
}

const target = z.looseObject({ host: z.string().exactOptional() }).exactOptional();
const probe = z.looseObject({ httpGet: target, tcpSocket: target });

/** Whether a probe names a host: the kubelet would send requests there, from the node's network. */
function probesNameHost(container: Container): boolean {
  return ["livenessProbe", "readinessProbe", "startupProbe"].some((field) => {
    const { data } = probe.safeParse(container[field]);
    return [data?.httpGet?.host, data?.tcpSocket?.host].some((host) => (host ?? "") !== "");
  });
}
