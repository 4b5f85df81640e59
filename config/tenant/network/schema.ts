import { z } from "zod";
import { hints } from "../../../lib/diagnostics/hints.js";
import { egressCidr } from "../../rules/cidr.js";
import { listField, numberField, section, textField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";
import { portRange } from "../../rules/ports.js";

const source = z.strictObject({
  namespace: textField(dnsLabel, {
    description: "Namespace, one of those that fleet:ingressNamespaces lists.",
    examples: ["ingress-nginx"],
  }),
});

const port = numberField(1, 65_535, "ports have numbers in this range", "TCP port.");
const ports = textField(portRange, {
  description: "Range of ports, or ports of UDP.",
  examples: ["8000-8010", "53/udp"],
});
const noPort = 'must be a port like 443, or a text like "8000-8010" or "53/udp"';

const addressesOnly = "Write cidr with the addresses: network policies know no host names";

const destination = z
  .strictObject({
    cidr: textField(egressCidr, { description: "Block of addresses.", examples: ["203.0.113.0/24", "0.0.0.0/0"] }),
    ports: z
      .array(z.union([port, ports], { error: noPort }))
      .min(1, "names no port")
      .meta({
        description: "Ports, at least one: numbers of TCP ports, and texts like 8000-8010, 53/udp, 3000-3010/udp.",
      }),
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
      "Addresses outside that the tenant's pods may reach: `{cidr, ports}`. Ports are numbers, ranges like 8000-8010, or 53/udp. Private addresses only where a block in them is named. Default: none.",
  }).default([]),
});
