import { PLATFORM_SOURCE } from "../../config/names.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { fieldAt } from "../findings/facts.js";
import { type BuiltObject, type Fault, groupOf, isSync, namespaceOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

const SOURCES = "source.toolkit.fluxcd.io";
const referenceFields = [
  ["spec", "sourceRef"],
  ["spec", "chartRef"],
  ["spec", "chart", "spec", "sourceRef"],
];

/** The source that Pulumi registers. */
const platformSource = `GitRepository ${FLUX_NAMESPACE}/${PLATFORM_SOURCE}`;

/** Sources that the platform's syncs apply, and the cluster that they are applied to. */
export const references: PlatformRule = {
  name: "platform-references",
  level: "mandatory",
  title: "each sync in fleet/ applies fleet/ itself, or a chart of a source that fleet/ has, to its own cluster",
  reason:
    "the rules judge what fleet/ has alone, and the source of a tenant would be applied with the rights of the platform",
  fix: "declare the source of a chart in fleet/, put other files into fleet/, or accept them by a waiver",
  violations: ({ objects }) => {
    const known = new Set([platformSource, ...objects.filter((one) => groupOf(one) === SOURCES).map(objectId)]);
    return objects
      .filter((object) => isSync(object) || groupOf(object) === SOURCES)
      .flatMap((object) => [...unknownSources(object, known), ...otherCluster(object)]);
  },
};

function unknownSources(object: BuiltObject, known: ReadonlySet<string>): Fault[] {
  return referenceFields.flatMap((field) => {
    const [kind, name] = [textOf(object, ...field, "kind"), textOf(object, ...field, "name")];
    const namespace = textOf(object, ...field, "namespace") || namespaceOf(object);
    const source = `${kind} ${namespace}/${name}`;
    // The schema demands the fields of a reference.
    if (name === "") return [];
    const id = objectId(object);
    const isUnread = isKustomization(object) && source !== platformSource;
    if (known.has(source) && !isUnread) return [];
    const message = `${id} takes its content from ${source}, ${known.has(source) ? "which no rule reads" : "which fleet/ does not have"}`;
    return [{ resource: id, place: object.placeOf([...field, "name"]), message }];
  });
}

/** It applies manifests. Those of another repository could be anything, with the rights of the platform. */
function isKustomization(object: BuiltObject): boolean {
  return isSync(object) && textOf(object, "kind") === "Kustomization";
}

function otherCluster(object: BuiltObject): Fault[] {
  const field = ["spec", "kubeConfig"];
  if (!isSync(object) || fieldAt(object.data, ...field) === undefined) return [];
  const id = objectId(object);
  return [{ resource: id, place: object.placeOf(field), message: `${id} applies its content to another cluster` }];
}
