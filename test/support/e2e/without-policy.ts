import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { reference } from "../objects/object.js";
import type { KubernetesClients } from "./kubernetes-clients.js";
import { waitFor } from "./wait-for.js";

/**
 * Takes an admission policy's binding away until something that it refuses is admitted, and puts it back: then it is that
 * policy that refuses, and no other.
 * @param admitted whether it is admitted now, by a dry run: it is asked again and again
 * @param meanwhile done while the policy is off. @default nothing
 */
export async function withoutPolicy(
  kubernetes: KubernetesClients,
  policy: string,
  admitted: () => Promise<boolean>,
  meanwhile?: () => Promise<void>,
): Promise<void> {
  const admin = kubernetes.objects();
  const which = reference("ValidatingAdmissionPolicyBinding", { name: policy });
  const { metadata, ...binding } = (await admin.read(which)) as KubernetesObject;
  const { labels, annotations } = metadata;
  await admin.delete(which);
  try {
    await waitFor(admitted, { describe: () => `still refused without ${policy}` });
    await meanwhile?.();
  } finally {
    await admin.create({ ...binding, ...which, metadata: { name: policy, labels, annotations } } as KubernetesObject);
  }
  await waitFor(async () => !(await admitted()), { describe: () => `${policy} does not refuse again` });
}
