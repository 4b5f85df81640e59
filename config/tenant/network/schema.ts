import { z } from "zod";
import { hints } from "../../../lib/diagnostics/hints.js";
import { egressCidr } from "../../rules/cidr.js";
import { listField, numberField, section, textField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";

const port = numberField(1, 65_535, "ports have numbers in this range", "TCP port of the pods.");

const source = z.strictObject({
  namespace: textField(dnsLabel, {
    description: "Namespace, one of those that fleet:ingressNamespaces lists.",
    examples: ["ingress-nginx"],
  }),
});

const addressesOnly = "Write cidr with the addresses: network policies know no host names";

const destination = z
  .strictObject({
    cidr: textField(egressCidr, { description: "Block of addresses.", examples: ["203.0.113.0/24", "0.0.0.0/0"] }),
    ports: z.array(port).min(1, "names no port").meta({ description: "TCP ports, at least one." }),
  })
  .register(hints, {
    fields: Object.fromEntries(
      ["dns", "domain", "fqdn", "host", "hostname", "hosts", "name", "url"].map((field) => [field, addressesOnly]),
    ),
  });

/** The network connections of a tenant's pods, besides DNS and each other. */
export const network = section("Connections of the tenant's pods, besides DNS and each other.", {
  ingress: listField(source, {
    description:
      "Namespaces of the platform whose pods may reach the tenant's: `{namespace}`. The stack lists those that can be named. Default: none.",
  }).default([]),
  egress: listField(destination, {
    description:
      "Addresses outside that the tenant's pods may reach: `{cidr, ports}`. Private addresses only where a block in them is named. Default: none.",
  }).default([]),
});
