import { unpinnedField } from "../../config/platform/unpinned-field.js";
import { type BuiltObject, type Fault, groupOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

/** Charts and other content that the platform fetches. */
export const charts: PlatformRule = {
  name: "platform-charts",
  level: "mandatory",
  title: "each chart and source in fleet/ has an exact version",
  reason: "a range, a branch or a tag such as latest brings changes to every cluster that no review has seen",
  fix: "write one version, tag, commit or digest",
  violations: ({ objects }) => objects.flatMap(chartFaults),
};

function chartFaults(object: BuiltObject): Fault[] {
  if (!/^(?:source|helm)\.toolkit\.fluxcd\.io$/.test(groupOf(object))) return [];
  const field = unpinnedField(object.data);
  if (field === undefined) return [];
  const version = textOf(object, ...field);
  const id = objectId(object);
  const message = version === "" ? `${id} names no ${field.at(-1)}` : `${id} follows ${field.at(-1)} ${version}`;
  return [{ resource: id, place: object.placeOf(field), message }];
}
