import { join } from "node:path";
import { startControlPlane } from "@fleet/sandbox/control-plane";
import { temporary } from "@fleet/sandbox/test/cluster";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { execa } from "execa";
import { EXTRA_COMPONENTS } from "../../../config/stack/schema.js";
import { SIZES } from "../../../config/tenant/limits/sizes.js";
import { harden } from "../../../flux/harden/harden.js";
import { lockedVersion, readLock } from "../../../flux/release/lock.js";
import { loadManifest } from "../../../flux/release/manifest.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import type { AdmissionPolicy } from "../../../policies/admission/cel/policy.js";
import { limitRanges } from "../../../policies/quotas.js";
import { reconciler, tenantRole, tenantRules } from "../../../policies/rbac/reconciler.js";
import { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { serviceAccount } from "../../support/objects/configuration.js";
import { apiVersionOf, object } from "../../support/objects/object.js";
import { clusterRole, reconcilerOf, roleBinding } from "../../support/objects/rbac.js";
import { fleetSpec } from "../../support/unit/spec.js";

const root = join(import.meta.dirname, "../../..");

/** A control plane without anything, and where its tools are. */
export interface BareCluster {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly bin: string;
  readonly manifests: string;
  readonly clients: KubernetesClients;
  /** Ends it, and removes all that it kept. */
  end(): Promise<void>;
}

/** @param name of the cluster, in its kubeconfig */
export async function startBareCluster(name: string): Promise<BareCluster> {
  const { bin, manifests } = await ensureToolchain();
  const space = await temporary();
  try {
    const plane = await startControlPlane({ dir: space.dir, bin, name });
    const end = async () => {
      await plane.stop();
      await space.remove();
    };
    return { kubeconfig: plane.kubeconfig, bin, manifests, clients: new KubernetesClients(plane.kubeconfig), end };
  } catch (error) {
    await space.remove();
    throw error;
  }
}

/** Further rights of a tenant with image automation. */
const imageRules = [
  {
    apiGroups: ["image.toolkit.fluxcd.io"],
    resources: ["imagerepositories", "imagepolicies", "imageupdateautomations"],
    verbs: ["create"],
  },
];

/**
 * Flux's kinds, those of image automation too, and one tenant's namespace with its limit range, its reconciler and that
 * one's rights: no controller, no sync.
 * @param annotations of the namespace. @default none
 */
export async function prepare(
  cluster: BareCluster,
  namespace: string,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const settings = { ...fleetSpec().flux, extraComponents: EXTRA_COMPONENTS };
  const lock = lockedVersion(readLock(root), settings.version);
  const released = await loadManifest({ version: settings.version, entry: lock, directory: cluster.manifests });
  const flux = harden(released, { settings, lock, stack: "staging" });
  const labels = tenantLabels("staging", "team-a");
  const account = { name: reconciler, namespace, labels };
  const needed = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding"];
  await apply(cluster, [
    ...flux.filter(({ kind }) => needed.includes(kind)),
    object("Namespace", { name: namespace, labels, annotations }),
    object(
      "LimitRange",
      { name: "tenant", namespace },
      { spec: { limits: limitRanges({ size: "small", ...SIZES.small }) } },
    ),
    serviceAccount(account),
    clusterRole({ name: tenantRole }, ...tenantRules, ...imageRules),
    roleBinding(account, `ClusterRole/${tenantRole}`, reconcilerOf({ namespace })),
  ]);
}

/** The objects of policies, as the API server takes them. */
export function objectsOf(policies: readonly AdmissionPolicy[]): KubernetesObject[] {
  const apiVersion = apiVersionOf("ValidatingAdmissionPolicy");
  return policies.flatMap(({ policy, binding }) => [
    { apiVersion, kind: "ValidatingAdmissionPolicy", ...policy },
    { apiVersion, kind: "ValidatingAdmissionPolicyBinding", ...binding },
  ]);
}

/** Applies objects as `kubectl apply` does, and waits until new kinds are served. */
export async function apply({ kubeconfig, bin }: BareCluster, objects: readonly KubernetesObject[]): Promise<void> {
  const kubectl = (args: readonly string[], input = "") =>
    execa(join(bin, "kubectl"), args, { env: { KUBECONFIG: kubeconfig }, input });
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  await kubectl(["apply", "--server-side", "-f", "-"], list);
  if (!objects.some(({ kind }) => kind === "CustomResourceDefinition")) return;
  // kubectl gives up at once on a new kind that has no conditions yet (kubernetes#66439).
  await waitFor(
    async () => {
      await kubectl(["wait", "crd", "--all", "--for=condition=Established", "--timeout=60s"]);
      return true;
    },
    { describe: () => "the kinds are not served" },
  );
}
