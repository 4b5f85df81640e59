import { z } from "zod";
import { numberField, textField } from "../../rules/field.js";
import { labelKey, labelValue } from "../../rules/labels.js";
import { dnsLabel, serviceName, tenantNamespace } from "../../rules/names.js";

const exportName = textField(dnsLabel, { description: "Name that others import the service by." });
const service = textField(serviceName, { description: "Service in the namespace.", examples: ["search-api"] });
const port = numberField(
  { least: 1, most: 65_535, why: "ports have numbers in this range" },
  { description: "TCP port of the pods, not that of the Service before them." },
);
const podKey = textField(labelKey, { description: "Key of a label." });
const podValue = textField(labelValue, { description: "Value of a label." });
const pods = z
  .record(podKey, podValue)
  .refine((labels) => Object.keys(labels).length > 0, {
    error: "names no label, which would be every pod of the namespace",
  })
  .meta({ description: "Labels of the pods behind the Service.", examples: [{ app: "search-api" }] });
const ownNamespace = "Namespace that it is in, one of this tenant's. Default: the tenant's primary namespace.";

const exported = z.strictObject({
  service,
  namespace: textField(tenantNamespace, { description: ownNamespace }).exactOptional(),
  port,
  pods,
  to: z
    .array(textField(dnsLabel, { description: "Name of a tenant.", examples: ["team-payments"] }))
    .meta({ description: "Tenants that may import it; the names." }),
});

const exportsText =
  "Services that other tenants may import, by a name of its own choice; nothing else of the tenant's is reached by others. Default: none.";

/** The services that a tenant exports, by the name that they import it by. */
export const serviceExports = z.record(exportName, exported).meta({ description: exportsText }).default({});

const imported = z
  .strictObject({
    tenant: textField(dnsLabel, {
      description: "Tenant that exports it.",
      examples: ["team-search"],
    }).exactOptional(),
    export: textField(dnsLabel, {
      description: "Name by which that tenant exports it.",
      examples: ["api"],
    }).exactOptional(),
    platform: textField(dnsLabel, {
      description: "Name by which the platform exports it (fleet:exports), in place of tenant and export.",
      examples: ["metrics"],
    }).exactOptional(),
    namespace: textField(tenantNamespace, { description: ownNamespace }).exactOptional(),
  })
  .superRefine(checkOrigin);

/** A tenant's service, or one of the platform's: exactly one of them, and named in full. */
function checkOrigin(
  origin: { readonly tenant?: string; readonly export?: string; readonly platform?: string },
  context: z.RefinementCtx,
): void {
  const isTenants = origin.tenant !== undefined && origin.export !== undefined;
  const isAny = origin.tenant !== undefined || origin.export !== undefined;
  if (isAny ? isTenants && origin.platform === undefined : origin.platform !== undefined) return;
  const message = "names not exactly one service";
  context.addIssue({ code: "custom", message, params: { fix: "Write tenant and export, or platform alone" } });
}

const localName = textField(serviceName, { description: "Name of the service in the tenant's own namespace." });
const importsText =
  "Services of other tenants or of the platform, by the name that each gets in the tenant's own namespace. Default: none.";

/** The services that a tenant imports, by its name in the tenant's namespace. */
export const serviceImports = z.record(localName, imported).meta({ description: importsText }).default({});

/** Stands in `to` of {@link platformExports} for every tenant. */
export const EVERY_TENANT = "*";

const toTenant = {
  ...dnsLabel,
  pattern: `${dnsLabel.pattern}|^\\*$`,
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
    to: z
      .array(textField(toTenant, { description: "Name of a tenant, or * for every one." }))
      .meta({ description: "Tenants that may import it; the names, or *." }),
  }),
);
