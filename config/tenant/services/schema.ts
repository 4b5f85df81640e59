import { z } from "zod";
import { listField, mapField, numberField, textField, violationCheck } from "../../rules/field.js";
import { labelKey, labelValue } from "../../rules/labels.js";
import { dnsLabel, serviceName } from "../../rules/names.js";
import { hintOf } from "../../rules/rule.js";
import { ofOneTenant } from "../forms.js";
import { ownNamespace } from "../namespaces/schema.js";

const exportName = textField(dnsLabel, { description: "Name that others import the service by." });
const service = textField(serviceName, { description: "Service in the namespace.", examples: ["search-api"] });
const port = numberField(
  1,
  65_535,
  "ports have numbers in this range",
  "TCP port of the pods, not that of the Service before them.",
);
const podKey = textField(labelKey, { description: "Key of a label." });
const podValue = textField(labelValue, { description: "Value of a label." });
const pods = z
  .record(podKey, podValue)
  .refine((labels) => Object.keys(labels).length > 0, {
    error: "names no label, which would be every pod of the namespace",
  })
  .meta({ description: "Labels of the pods behind the Service.", examples: [{ app: "search-api" }] });
const importer = textField(dnsLabel, { description: "Name of a tenant.", examples: ["team-payments"] });

const exported = z.strictObject({
  service,
  namespace: ownNamespace.exactOptional(),
  port,
  pods,
  to: listField(importer, { description: "Names of the tenants that may import it." }),
});

/** The services that a tenant exports, by the name that they import it by. */
export const serviceExports = ofOneTenant(
  mapField(exportName, exported, {
    description:
      "Services that other tenants may import, by names that the tenant chooses. Other tenants reach nothing else of this tenant. Default: none.",
  }).default({}),
  "a tenant decides by itself which of its Services others reach",
);

const imported = z
  .strictObject({
    tenant: textField(dnsLabel, { description: "Tenant that exports it.", examples: ["team-search"] }).exactOptional(),
    export: textField(dnsLabel, {
      description: "Name by which that tenant exports it.",
      examples: ["api"],
    }).exactOptional(),
    platform: textField(dnsLabel, {
      description: "Name by which the platform exports it (fleet:exports), in place of tenant and export.",
      examples: ["metrics"],
    }).exactOptional(),
    namespace: ofOneTenant(ownNamespace.exactOptional(), "a namespace is of one tenant"),
  })
  // A tenant's service, or one of the platform's: exactly one of them, and named in full.
  .superRefine(
    violationCheck(({ tenant, export: name, platform }) => {
      const isTenants = tenant !== undefined && name !== undefined && platform === undefined;
      const isPlatforms = tenant === undefined && name === undefined && platform !== undefined;
      if (isTenants || isPlatforms) return undefined;
      return { message: "names not exactly one service", fix: "Write tenant and export, or platform alone" };
    }),
  );

/** The services that a tenant imports, by its name in the tenant's namespace. */
export const serviceImports = mapField(
  textField(serviceName, { description: "Name of the service in the tenant's own namespace." }),
  imported,
  {
    description:
      "Services of other tenants or of the platform, by the name that each gets in the tenant's own namespace. Default: none.",
  },
).default({});

/** Stands in `to` of {@link platformExports} for every tenant. */
export const EVERY_TENANT = "*";

const toTenant = {
  ...dnsLabel,
  pattern: `${dnsLabel.pattern}|^\\*$`,
  hint: hintOf("the name of a tenant, or *"),
  check: (value: string) => (value === EVERY_TENANT ? undefined : dnsLabel.check(value)),
};

/** The services that the platform exports, by the name that they import it by. */
export const platformExports = z.record(
  exportName,
  z.strictObject({
    namespace: textField(dnsLabel, { description: "Namespace of the platform." }),
    service,
    port,
    pods,
    to: listField(textField(toTenant, { description: "Name of a tenant, or * for every one." }), {
      description: "Tenants that may import it; the names, or *.",
    }),
  }),
);
