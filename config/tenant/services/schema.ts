import { z } from "zod";
import { numberField, resettable, textField } from "../../rules/field.js";
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
const ownNamespace = "Namespace that it is in, one of this tenant's. Default: the tenant's first.";

const exportFields = {
  service,
  namespace: textField(tenantNamespace, { description: ownNamespace }),
  port,
  pods,
  to: z
    .array(textField(dnsLabel, { description: "Name of a tenant.", examples: ["team-payments"] }))
    .meta({ description: "Tenants that may import it; the names." }),
};

/** What a tenant lets others use, by the name that they import it by; complete. */
export const serviceExports = z.record(exportName, z.strictObject(exportFields));

const exportsText =
  "Services that other tenants may import, by a name of its own choice; nothing else of the tenant's is reached by others. Default: none.";

/** Exports in a base file. */
export const serviceExportsFile = z
  .record(exportName, z.strictObject({ ...exportFields, namespace: exportFields.namespace.optional() }))
  .meta({ description: exportsText });

/** Exports in an overlay; null takes one away. */
export const serviceExportsOverlay = z
  .record(
    exportName,
    z
      .strictObject({
        service: service.optional(),
        namespace: resettable(exportFields.namespace),
        port: port.optional(),
        pods: z
          .record(podKey, podValue.nullable())
          .optional()
          .meta({ description: "Labels laid over those of the base file; null removes one." }),
        to: exportFields.to.optional(),
      })
      .nullable(),
  )
  .meta({ description: `${exportsText} Laid over those of the base file; null takes one away.` });

const importFields = {
  tenant: textField(dnsLabel, { description: "Tenant that exports it.", examples: ["team-search"] }),
  export: textField(dnsLabel, { description: "Name by which that tenant exports it.", examples: ["api"] }),
  platform: textField(dnsLabel, {
    description: "Name by which the platform exports it (fleet:exports), in place of tenant and export.",
    examples: ["metrics"],
  }),
  namespace: textField(tenantNamespace, { description: ownNamespace }),
};

/** A tenant's service, or one of the platform's: exactly one of them, and named in full. */
function checkOrigin(said: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  const isTenants = said.tenant !== undefined && said.export !== undefined;
  const isAny = said.tenant !== undefined || said.export !== undefined;
  if (isAny ? isTenants && said.platform === undefined : said.platform !== undefined) return;
  const message = "names not exactly one service";
  context.addIssue({ code: "custom", message, params: { fix: "Write tenant and export, or platform alone" } });
}

const { namespace, ...origin } = importFields;
const originFields = {
  tenant: origin.tenant.optional(),
  export: origin.export.optional(),
  platform: origin.platform.optional(),
};
const localName = textField(serviceName, { description: "Name of the service in the tenant's own namespace." });
const importsText =
  "Services of other tenants or of the platform, by the name that each gets in the tenant's own namespace. Default: none.";

/** What a tenant uses of others, by its name in the tenant's namespace; complete. */
export const serviceImports = z.record(
  localName,
  z.strictObject({ ...originFields, namespace }).superRefine(checkOrigin),
);

/** Imports in a base file. */
export const serviceImportsFile = z
  .record(localName, z.strictObject({ ...originFields, namespace: namespace.optional() }).superRefine(checkOrigin))
  .meta({ description: importsText });

/** Imports in an overlay; null takes one away. */
export const serviceImportsOverlay = z
  .record(
    localName,
    z
      .strictObject({
        tenant: resettable(origin.tenant),
        export: resettable(origin.export),
        platform: resettable(origin.platform),
        namespace: resettable(namespace),
      })
      .nullable(),
  )
  .meta({ description: `${importsText} Laid over those of the base file; null takes one away.` });

/** Stands in `to` of {@link platformExports} for every tenant. */
export const EVERY_TENANT = "*";

const toTenant = {
  ...dnsLabel,
  pattern: `${dnsLabel.pattern}|^\\*$`,
  check: (value: string) => (value === EVERY_TENANT ? undefined : dnsLabel.check(value)),
};

/** What the platform lets tenants use, by the name that they import it by. */
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
