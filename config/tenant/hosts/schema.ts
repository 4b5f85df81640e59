import { textField, textSetField } from "../../rules/field.js";
import { hostName } from "../../rules/host-name.js";
import { ofOneTenant } from "../forms.js";

/** The hosts that a tenant's Ingresses and routes may serve. */
export const hosts = ofOneTenant(
  textSetField(textField(hostName, { description: "A host." }), {
    description:
      "Hosts that the tenant's Ingresses and routes may serve: a DNS name, or *. and a DNS name for all names below it. Two tenants cannot have the same host. Default: none.",
  })
    // All of them together are in one annotation, which every request for an Ingress or a route is compared with.
    .max(100, "are more than 100: a wildcard like *.shop.example.com stands for all names below it")
    .default([]),
  "two tenants cannot have the same host",
);
