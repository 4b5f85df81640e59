import { textField, textSetField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";

/** The add-ons of the infrastructure whose kinds a tenant may use. */
export const addons = textSetField(textField(dnsLabel, { description: "Name of an add-on." }), {
  description:
    "Add-ons of the infrastructure whose custom resources the tenant may create in its namespaces: cert-manager, external-secrets, gateway-api, flagger, keda, prometheus-operator (or its other name, monitoring), sealed-secrets, or one of the stack's own. A tenant with hosts has gateway-api where the stack offers it. The stack must offer each in fleet:addons. Default: none.",
  examples: [["cert-manager", "monitoring"]],
}).default([]);
