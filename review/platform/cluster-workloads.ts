import { type BuiltObject, groupOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";
import { containersOf } from "./pod-specs.js";

const workloadGroups = ["apps", "batch", "helm.toolkit.fluxcd.io"];
const corePods = ["Pod", "PodTemplate", "ReplicationController"];

/** Objects that run pods, in the folders that clusters start from. */
export const clusterWorkloads: PlatformRule = {
  name: "platform-workloads",
  level: "mandatory",
  title: "nothing in fleet/clusters runs pods",
  reason:
    "the root sync applies it before all infrastructure, without its order, and a failure of it stops every sync of the platform",
  fix: "move it to fleet/infrastructure, where a sync of its own applies it",
  violations: ({ root, objects }) =>
    objects
      .filter((object) => runsPods(object) && isOfCluster(object, root))
      .map((object) => ({
        resource: objectId(object),
        place: object.placeOf(["kind"]),
        message: `${objectId(object)} is a workload that the root sync applies`,
      })),
};

function isOfCluster({ folder, placeOf }: BuiltObject, root: string): boolean {
  return folder === root || placeOf([]).file.startsWith("fleet/clusters/");
}

function runsPods(object: BuiltObject): boolean {
  const group = groupOf(object);
  if (workloadGroups.includes(group)) return true;
  return (group === "" && corePods.includes(textOf(object, "kind"))) || containersOf(object).length > 0;
}
