import { z } from "zod";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { asDeployment, type Container, type PodSpec } from "../release/deployment.js";
import { managerOf } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "pod-security";

/**
 * Refuses a controller whose pods violate the `restricted` standard, or run as another controller's service account.
 *
 * Enforced on the cluster alone, a violation would show late: as a Deployment that never gets a pod.
 */
export function checkPodSecurity(
  objects: readonly KubernetesObject[],
  context: HardenContext,
): readonly KubernetesObject[] {
  for (const object of objects) {
    if (object.kind !== "Deployment") continue;
    const deployment = asDeployment(object);
    const { name } = managerOf(deployment, context, step);
    const { spec } = deployment.spec.template;
    const violations = restrictedViolations(spec);
    if (spec.serviceAccountName !== name)
      violations.push(`serviceAccountName must be ${name}, is ${spec.serviceAccountName}`);
    if (violations.length > 0) throw unexpectedManifest(context, step, objectName(object), violations.join("; "));
  }
  return objects;
}

const profile = z.looseObject({ type: z.string() }).exactOptional();
const podContext = z.looseObject({
  runAsNonRoot: z.boolean().exactOptional(),
  runAsUser: z.int().exactOptional(),
  seccompProfile: profile,
  appArmorProfile: profile,
  sysctls: z.array(z.unknown()).exactOptional(),
  seLinuxOptions: z.unknown().optional(),
  windowsOptions: z.unknown().optional(),
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

const allowedVolumes: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/**
 * The violations of the Pod Security Standard `restricted` in a pod, and root file systems that can be written.
 *
 * It is stricter than the standard where Flux has no need: options for SELinux and Windows, sysctls, AppArmor profiles
 * other than the runtime's, and added capabilities are all violations.
 * @returns one sentence for each violation; empty when there is none
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedViolations(pod: PodSpec): string[] {
  const parsed = podContext.safeParse(pod.securityContext ?? {});
  if (!parsed.success) return [`securityContext: ${z.prettifyError(parsed.error)}`];
  const violations = ["hostNetwork", "hostPID", "hostIPC"]
    .filter((field) => pod[field] === true)
    .map((field) => `${field} must not be set`);
  violations.push(...commonViolations("the pod", parsed.data));
  for (const { name, ...source } of pod.volumes ?? []) {
    const kinds = Object.keys(source);
    if (kinds.length !== 1 || !kinds.every((kind) => allowedVolumes.has(kind))) {
      violations.push(`the volume ${name} must be of an allowed kind, is ${kinds.join(", ") || "of none"}`);
    }
  }
  for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
    violations.push(...containerViolations(container, parsed.data));
  }
  return violations;
}

function containerViolations(container: Container, pod: z.infer<typeof podContext>): string[] {
  const parsed = containerContext.safeParse(container.securityContext ?? {});
  if (!parsed.success) return [`${container.name}: ${z.prettifyError(parsed.error)}`];
  const own = parsed.data;
  const must: readonly (readonly [holds: boolean, rule: string])[] = [
    [own.allowPrivilegeEscalation === false, "allowPrivilegeEscalation must be false"],
    [own.privileged !== true, "privileged must not be set"],
    [own.readOnlyRootFilesystem === true, "readOnlyRootFilesystem must be true"],
    [(own.runAsNonRoot ?? pod.runAsNonRoot) === true, "runAsNonRoot must be true"],
    [own.capabilities?.drop?.includes("ALL") === true, "all capabilities must be dropped"],
    [(own.capabilities?.add ?? []).length === 0, "no capability may be added"],
    [own.procMount === undefined || own.procMount === "Default", "procMount must not be set"],
    [isRuntimeProfile(own.seccompProfile ?? pod.seccompProfile), "seccompProfile must be RuntimeDefault or Localhost"],
    [(container.ports ?? []).every(({ hostPort = 0 }) => hostPort === 0), "no port of the host may be used"],
    [probeHosts(container).length === 0, "probes must not name a host"],
  ];
  return [
    ...must.filter(([holds]) => !holds).map(([, rule]) => `container ${container.name}: ${rule}`),
    ...commonViolations(`container ${container.name}`, own),
  ];
}

/** Violations in fields that pods and containers share. */
function commonViolations(where: string, context: z.infer<typeof podContext>): string[] {
  const must: readonly (readonly [holds: boolean, rule: string])[] = [
    [context.runAsNonRoot !== false, "runAsNonRoot must not be false"],
    [context.runAsUser !== 0, "runAsUser must not be 0"],
    [(context.sysctls ?? []).length === 0, "sysctls must not be set"],
    [context.seLinuxOptions === undefined, "seLinuxOptions must not be set"],
    [context.windowsOptions === undefined, "windowsOptions must not be set"],
    [context.appArmorProfile?.type !== "Unconfined", "appArmorProfile must not be Unconfined"],
    [context.seccompProfile?.type !== "Unconfined", "seccompProfile must not be Unconfined"],
  ];
  return must.filter(([holds]) => !holds).map(([, rule]) => `${where}: ${rule}`);
}

function isRuntimeProfile(seccomp: { readonly type: string } | undefined): boolean {
  return seccomp?.type === "RuntimeDefault" || seccomp?.type === "Localhost";
}

const probe = z.looseObject({
  httpGet: z.looseObject({ host: z.string().exactOptional() }).exactOptional(),
  tcpSocket: z.looseObject({ host: z.string().exactOptional() }).exactOptional(),
});

/** Hosts that probes name: the kubelet would send requests there, from the node's network. */
function probeHosts(container: Container): string[] {
  return ["livenessProbe", "readinessProbe", "startupProbe"]
    .flatMap((field) => {
      const parsed = probe.safeParse(container[field]);
      if (!parsed.success) return [];
      return [parsed.data.httpGet?.host, parsed.data.tcpSocket?.host].filter(
        (host) => host !== undefined && host !== "",
      );
    })
    .filter((host) => host !== undefined);
}
