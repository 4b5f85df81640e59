import { textField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";
import { baseOnly, ofOneTenant } from "../forms.js";

/** The group of a tenant, whose defaults lie below its base file. A group reaches all stacks, as a base file does. */
export const group = ofOneTenant(
  baseOnly(
    textField(dnsLabel, {
      description: "Group of the tenant: the defaults of stacks/groups/NAME.yaml lie below this file. Default: none.",
      examples: ["web"],
    }).exactOptional(),
    "group",
  ),
  "a group is named by its tenants",
);
