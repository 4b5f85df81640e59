import type { V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { quantityToScalar } from "@kubernetes/client-node/dist/util.js";
import { UnsupportedPod } from "./unsupported-pod.js";

/** The machine's resources, for a container that declares no limit. */
export interface NodeSize {
  /** Cores. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/**
 * Replaces `$(NAME)` as the kubelet does: an unknown name stays as it is, `$$` stands for `$`.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (found, name?: string) => {
    if (name === undefined) return "$";
    return Object.hasOwn(env, name) ? (env[name] ?? "") : found;
  });
}

/**
 * The environment that the pod's author gave the container, all references resolved.
 * @throws UnsupportedPod for a reference into a ConfigMap or Secret: the runner plays no part in giving those out
 */
export function containerEnvironment(pod: V1Pod, container: V1Container, node: NodeSize): Record<string, string> {
  if ((container.envFrom ?? []).length > 0) throw refused(container, "envFrom");
  const env: Record<string, string> = {};
  for (const entry of container.env ?? []) env[entry.name] = value(pod, container, node, entry, env);
  return env;
}

function value(
  pod: V1Pod,
  container: V1Container,
  node: NodeSize,
  { name, value: plain, valueFrom }: V1EnvVar,
  env: Readonly<Record<string, string>>,
): string {
  if (valueFrom === undefined) return expand(plain ?? "", env);
  if (valueFrom.fieldRef !== undefined) return podField(pod, container, name, valueFrom.fieldRef.fieldPath);
  if (valueFrom.resourceFieldRef !== undefined) {
    const { containerName = container.name, resource, divisor = "1" } = valueFrom.resourceFieldRef;
    const named = pod.spec?.containers.find((candidate) => candidate.name === containerName) ?? container;
    return String(resourceField(named, node, resource, divisor));
  }
  throw refused(container, `the source of env ${name}`);
}

/**
 * A container's limit or request, in units of the divisor, rounded up: half a core is 1 for GOMAXPROCS.
 * A limit that is not set is what the node has.
 * @throws when one of them is not a quantity
 */
export function resourceField(container: V1Container, node: NodeSize, resource: string, divisor: string): number {
  const [kind = "", name = ""] = resource.split(".");
  const limits = container.resources?.limits ?? {};
  const set = kind === "limits" ? limits : (container.resources?.requests ?? {});
  const unset = kind === "limits" ? String(name === "cpu" ? node.cpu : node.memory) : "0";
  // "0", what the API server fills in for a missing divisor, means one.
  const unit = amount(divisor) || 1;
  return Math.ceil(amount(set[name] ?? unset) / unit);
}

/**
 * The amount of a quantity. An API server writes a fraction with a smaller unit (`1536Mi`), so the client reads every
 * quantity that it answers.
 * @throws when the text is none
 */
export function amount(text: string): number {
  try {
    return Number(quantityToScalar(text));
  } catch (cause) {
    throw new Error(`"${text}" is not a quantity like 500m or 1Gi.`, { cause });
  }
}

function podField(pod: V1Pod, container: V1Container, env: string, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['([^']*)'\]$/.exec(path);
  if (keyed !== null) {
    const [, kind, key = ""] = keyed;
    return (kind === "labels" ? pod.metadata?.labels : pod.metadata?.annotations)?.[key] ?? "";
  }
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": pod.metadata?.name,
    "metadata.namespace": pod.metadata?.namespace,
    "metadata.uid": pod.metadata?.uid,
    "spec.nodeName": pod.spec?.nodeName,
    "spec.serviceAccountName": pod.spec?.serviceAccountName,
    "status.hostIP": pod.status?.hostIP,
    "status.podIP": pod.status?.podIP,
  };
  if (!Object.hasOwn(fields, path)) throw refused(container, `field ${path} of env ${env}`);
  return fields[path] ?? "";
}

function refused(container: V1Container, what: string): UnsupportedPod {
  return new UnsupportedPod(
    "CreateContainerConfigError",
    `The sandbox does not provide ${what} of container ${container.name}; it resolves values, pod fields and resources.`,
    container.name,
  );
}
