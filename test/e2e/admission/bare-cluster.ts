import { join } from "node:path";
import { startControlPlane } from "@fleet/sandbox/control-plane";
import { temporary } from "@fleet/sandbox/test/cluster";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { execa } from "execa";
import { EXTRA_COMPONENTS } from "../../../config/stack/controllers.js";
import { SIZES } from "../../../config/tenant/limits/sizes.js";
import { harden } from "../../../flux/harden/harden.js";
import { lockedVersion, readLock } from "../../../flux/release/lock.js";
import { loadManifest } from "../../../flux/release/manifest.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { TENANT_LABEL, tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import type { AdmissionPolicy } from "../../../policies/admission/cel/policy.js";
import { limitRanges } from "../../../policies/quotas.js";
import { reconciler, tenantRole, tenantRules } from "../../../policies/rbac/reconciler.js";
import { atEnd } from "../../support/e2e/at-end.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { serviceAccount } from "../../support/objects/configuration.js";
import { apiVersionOf, object } from "../../support/objects/object.js";
import { clusterRole, reconcilerOf, roleBinding } from "../../support/objects/rbac.js";
import { fleetSpec } from "../../support/unit/spec.js";

const root = join(import.meta.dirname, "../../..");

/** A control plane without a fleet, and where its tools are. */
export interface BareCluster {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly bin: string;
  readonly manifests: string;
  readonly clients: KubernetesClients;
}

let shared: Promise<BareCluster> | undefined;

/** The cluster that the tests of admission share, for a start costs seconds. It ends with the file that mocha runs. */
export function bareCluster(): Promise<BareCluster> {
  shared ??= startBareCluster();
  return shared;
}

async function startBareCluster(): Promise<BareCluster> {
  const { bin, manifests } = await ensureToolchain();
  const space = await temporary();
  try {
    const plane = await startControlPlane({ dir: space.dir, bin, name: "admission" });
    atEnd(async () => {
      shared = undefined;
      await plane.stop();
      await space.remove();
    });
    return { kubeconfig: plane.kubeconfig, bin, manifests, clients: new KubernetesClients(plane.kubeconfig) };
  } catch (error) {
    await space.remove();
    throw error;
  }
}

/** Refuses one ConfigMap, so that a test can see when the API server has heard of a change of policies. */
const sentinel = "sentinel";
const sentinelPolicy = [
  object(
    "ValidatingAdmissionPolicy",
    { name: sentinel },
    {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] }],
        },
        validations: [{ expression: `object.metadata.name != '${sentinel}'`, reason: "Forbidden" }],
      },
    },
  ),
  object(
    "ValidatingAdmissionPolicyBinding",
    { name: sentinel },
    {
      spec: { policyName: sentinel, validationActions: ["Deny"] },
    },
  ),
];

/** Whether the API server enforces the sentinel. */
async function isSentinelRefused({ clients }: BareCluster): Promise<boolean> {
  const words = await new DryRun(clients.admin).create(object("ConfigMap", { name: sentinel, namespace: "default" }));
  return words !== undefined;
}

/** Applies objects of policies, and waits until the API server has heard of all: it hears of the last one last. */
export async function enforce(cluster: BareCluster, policies: readonly KubernetesObject[]): Promise<void> {
  await apply(cluster, [...policies, ...sentinelPolicy]);
  await waitFor(() => isSentinelRefused(cluster), { describe: () => "the sentinel is not enforced" });
}

/**
 * Removes the policies and tenants' namespaces of a file's tests. Returns when the API server enforces none of the
 * policies any more. Custom kinds and ClusterRoles stay.
 */
export async function clear(cluster: BareCluster): Promise<void> {
  await enforce(cluster, []);
  // By name, so the sentinel comes last: the API server hears of changes of policies in their order.
  await kubectl(cluster, ["delete", "validatingadmissionpolicies,validatingadmissionpolicybindings", "--all"]);
  await waitFor(async () => !(await isSentinelRefused(cluster)), { describe: () => "the sentinel is still enforced" });
  // By default, kubectl waits without end for a namespace in which a finalizer is left.
  await kubectl(cluster, ["delete", "namespaces", "--selector", TENANT_LABEL, "--timeout=120s"]);
}

/**
 * Removes the cluster's default storage class, as on clusters without storage.
 * @returns puts it back
 */
export async function withoutDefaultClass(cluster: BareCluster): Promise<() => Promise<void>> {
  const { stdout } = await kubectl(cluster, ["get", "storageclass", "standard", "--output=json"]);
  const { metadata, ...others } = JSON.parse(stdout) as KubernetesObject;
  const { name, annotations } = metadata;
  await kubectl(cluster, ["delete", "storageclass", name]);
  return () => apply(cluster, [{ ...others, metadata: definedOnly({ name, annotations }) }]);
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
  const needed = ["Namespace", "CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding"];
  await apply(cluster, [
    ...flux.filter(({ kind }) => needed.includes(kind)),
    clusterRole({ name: tenantRole }, ...tenantRules, ...imageRules),
    ...tenantNamespace(namespace, annotations),
  ]);
}

/** One tenant's namespace with its limit range, its reconciler and that one's rights. */
export function tenantNamespace(
  namespace: string,
  annotations: Readonly<Record<string, string>> = {},
): KubernetesObject[] {
  const labels = tenantLabels("staging", "team-a");
  const account = { name: reconciler, namespace, labels };
  return [
    object("Namespace", { name: namespace, labels, annotations }),
    object(
      "LimitRange",
      { name: "tenant", namespace },
      { spec: { limits: limitRanges({ size: "small", ...SIZES.small }) } },
    ),
    serviceAccount(account),
    roleBinding(account, `ClusterRole/${tenantRole}`, reconcilerOf({ namespace })),
  ];
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
export async function apply(cluster: BareCluster, objects: readonly KubernetesObject[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  await kubectl(cluster, ["apply", "--server-side", "-f", "-"], list);
  if (!objects.some(({ kind }) => kind === "CustomResourceDefinition")) return;
  // kubectl gives up at once on a new kind that has no conditions yet (kubernetes#66439).
  await waitFor(
    async () => {
      await kubectl(cluster, ["wait", "crd", "--all", "--for=condition=Established", "--timeout=60s"]);
      return true;
    },
    { describe: () => "the kinds are not served" },
  );
}

function kubectl({ kubeconfig, bin }: BareCluster, args: readonly string[], input = "") {
  return execa(join(bin, "kubectl"), args, { env: { KUBECONFIG: kubeconfig }, input });
}
