import { withLabels } from "../../lib/kubernetes/object.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { objectsOf } from "../release/typed-kind.js";
import type { Step } from "./step.js";

/**
 * Labels of Pod Security `restricted`: enforced, audited and warned about. The version is `latest`, as in the release. A
 * fixed version would weaken with every upgrade of the cluster, unseen.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
const podSecurityLabels: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]),
);

/** Restricts Flux's namespace, and disables token mounting of its `default` account, which no pod uses. */
export const restrictNamespace: Step = (objects, { unexpected }) => {
  const names = objectsOf(objects, "Namespace").map(({ metadata }) => metadata.name);
  if (names.length !== 1 || names[0] !== FLUX_NAMESPACE) {
    throw unexpected("Namespace", `expected ${FLUX_NAMESPACE} alone, and found ${names.join(", ") || "none"}`);
  }
  return [
    ...objects.map((object) => (object.kind === "Namespace" ? withLabels(object, podSecurityLabels) : object)),
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: FLUX_NAMESPACE },
      automountServiceAccountToken: false,
    },
  ];
};
