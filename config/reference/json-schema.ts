import { z } from "zod";
import { tenantFile, tenantOverlay } from "../tenant/schema.js";

/** JSON Schemas for editors, by the path they are committed at. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  return {
    "stacks/tenant.schema.json": jsonSchema(tenantFile, {
      title: "Tenant",
      description: "What a tenant is on every stack: stacks/base/tenants/TEAM.yaml.",
    }),
    "stacks/tenant-overlay.schema.json": jsonSchema(tenantOverlay, {
      title: "Tenant on one stack",
      description:
        "How a tenant differs on one stack: stacks/STACK/tenants/TEAM.yaml. The tenant is on the stack because this file exists, be it empty.",
    }),
  };
}

/** Draft 7 is the newest that the common YAML language server understands in full. */
function jsonSchema(schema: z.ZodType, about: { readonly title: string; readonly description: string }): string {
  return `${JSON.stringify({ ...z.toJSONSchema(schema, { target: "draft-07", io: "input" }), ...about }, undefined, 2)}\n`;
}
