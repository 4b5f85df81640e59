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
  title: "each sync in fleet/ applies sources that fleet/ has, to its own cluster",
  reason:
    "the rules judge what fleet/ has alone, and the source of a tenant would be applied with the rights of the platform",
  fix: "declare the source in fleet/, or remove the field",
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
    if (name === "" || known.has(source)) return [];
    const id = objectId(object);
    const message = `${id} takes its content from ${source}, which fleet/ does not have`;
    return [{ resource: id, place: object.placeOf([...field, "name"]), message }];
  });
}

function otherCluster(object: BuiltObject): Fault[] {
  const field = ["spec", "kubeConfig"];
  if (!isSync(object) || fieldAt(object.data, ...field) === undefined) return [];
  const id = objectId(object);
  return [{ resource: id, place: object.placeOf(field), message: `${id} applies its content to another cluster` }];
}
