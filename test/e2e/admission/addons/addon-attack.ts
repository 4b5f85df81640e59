import type { FieldRule } from "../../../../config/addons/field-rule.js";
import type { Fields, Kind } from "../../../support/objects/object.js";

/** An object that breaks one rule of its kind. */
export interface AddonAttack {
  readonly kind: Kind;
  /** Field of the rule. */
  readonly at: string;
  /** Form of the rule, where the field has several. */
  readonly form?: FieldRule["form"];
  readonly spec: Fields;
  readonly annotations?: Readonly<Record<string, string>>;
}
