import { AdmissionregistrationV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { DryRun } from "./dry-run.js";
import type { TestEnvironment } from "./sandbox.js";
import { waitFor } from "./wait-for.js";

/**
 * Takes one namespace out of the reach of the program's admission policies: for tests of what stands behind them, which
 * no request reaches while the policies are in force. They stay in force for all others.
 * @param refused what the tenant cannot make there for a policy; it is waited until no policy refuses it any more
 * @returns puts it back: the program refuses to run beside bindings with such a field
 */
export async function takeOutOfReach(
  { kubernetes }: TestEnvironment,
  namespace: string,
  refused: readonly KubernetesObject[],
): Promise<() => Promise<void>> {
  const admission = kubernetes.client(AdmissionregistrationV1Api);
  const { items } = await admission.listValidatingAdmissionPolicyBinding({
    labelSelector: "app.kubernetes.io/managed-by=fleet",
  });
  const elsewhere = { key: "kubernetes.io/metadata.name", operator: "NotIn", values: [namespace] };
  const patchAll = async (matchResources: object | null) => {
    for (const { metadata } of items) {
      await admission.patchValidatingAdmissionPolicyBinding(
        { name: metadata?.name ?? "", body: { spec: { matchResources } } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
    }
  };
  await patchAll({ namespaceSelector: { matchExpressions: [elsewhere] } });
  const tenant = new DryRun(await kubernetes.serviceAccount(namespace, "reconciler"));
  for (const object of refused) {
    let words: string | undefined;
    await waitFor(
      async () => {
        words = await tenant.create(object);
        return !words?.includes("ValidatingAdmissionPolicy");
      },
      { describe: () => `no policy refuses ${object.kind}: ${words}` },
    );
  }
  return () => patchAll(null);
}
