import { type KubernetesObject, withLabels } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "namespace";

/**
 * Labels of Pod Security `restricted`: enforced, audited and warned about.
 *
 * The version is `latest`, as in the release. A fixed version would weaken with every upgrade of the cluster, unseen.
 * The step pod-security checks that the controllers comply.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export const POD_SECURITY_LABELS: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]),
);

/** Restricts Flux's namespace, and disables token mounting of its `default` account, which no pod uses. */
export function restrictNamespace(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  const [only, ...others] = namespaces;
  if (only?.metadata.name !== FLUX_NAMESPACE || others.length > 0) {
    const found = namespaces.map(({ metadata }) => metadata.name).join(", ") || "none";
    throw unexpectedManifest(context, step, "Namespace", `expected ${FLUX_NAMESPACE} alone, and found ${found}`);
  }
  return [
    ...objects.map((object) => (object === only ? withLabels(object, POD_SECURITY_LABELS) : object)),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: FLUX_NAMESPACE },
      automountServiceAccountToken: false,
    },
  ];
}
