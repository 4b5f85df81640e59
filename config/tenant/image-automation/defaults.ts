import { isPlainObject, mergeOverlay, type PlainObject } from "../../../lib/data/merge.js";
import { valueAt } from "../../files/declared-tenant.js";
import { imageAutomationDefaults } from "./schema.js";

/** A tenant with the defaults of its image automation filled in, if it has any. */
export function withImageAutomationDefaults(tenant: PlainObject): PlainObject {
  const said = tenant.imageAutomation;
  if (!isPlainObject(said)) return tenant;
  const { branch, acrossMajors, interval, ...rest } = imageAutomationDefaults;
  const defaults: PlainObject = {
    ...rest,
    interval,
    branch: said.pushToDefaultBranch === true ? (valueAt(tenant, ["repository", "defaultBranch"]) ?? branch) : branch,
    images: Object.fromEntries(
      Object.keys(isPlainObject(said.images) ? said.images : {}).map((name) => [name, { acrossMajors, interval }]),
    ),
  };
  return { ...tenant, imageAutomation: mergeOverlay(defaults, said) };
}
