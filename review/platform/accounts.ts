import { PLATFORM_RECONCILER } from "../../config/names.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import {
  type BuiltObject,
  type BuiltPlatform,
  type Fault,
  groupOf,
  isSync,
  namespaceOf,
  objectId,
  textOf,
} from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

const field = ["spec", "serviceAccountName"];

/** Service accounts of the platform's syncs. */
export const accounts: PlatformRule = {
  name: "platform-accounts",
  level: "mandatory",
  title: "each Kustomization and HelmRelease in fleet/ names a service account of the platform",
  reason:
    "Flux applies nothing of one without an account, and what any other account may apply is not the platform's decision",
  fix: `name ${PLATFORM_RECONCILER} in Flux's namespace, or a ServiceAccount that fleet/ declares in the same namespace`,
  violations: (platform) => platform.objects.filter(isSync).flatMap((sync) => accountFaults(sync, platform)),
};

function accountFaults(sync: BuiltObject, platform: BuiltPlatform): Fault[] {
  const [name, namespace] = [textOf(sync, ...field), namespaceOf(sync)];
  if (isPlatforms(name, namespace, platform)) return [];
  const message =
    name === ""
      ? "names no service account"
      : `names the service account ${name}, which is not the platform's in ${namespace}`;
  return [{ resource: objectId(sync), place: sync.placeOf(field), message: `${objectId(sync)} ${message}` }];
}

function isPlatforms(name: string, namespace: string, { objects }: BuiltPlatform): boolean {
  if (name === PLATFORM_RECONCILER && namespace === FLUX_NAMESPACE) return true;
  return objects.some(
    (object) =>
      object.data.kind === "ServiceAccount" &&
      groupOf(object) === "" &&
      textOf(object, "metadata", "name") === name &&
      namespaceOf(object) === namespace,
  );
}
