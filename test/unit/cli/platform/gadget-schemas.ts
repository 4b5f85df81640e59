import { FluxSchemas } from "../../../../cli/platform/flux-schemas.js";

/** The CRD of a made-up kind, with the extensions that Flux's CRDs use. */
const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.tools.example.com" },
  spec: {
    group: "tools.example.com",
    names: { kind: "Gadget", plural: "gadgets" },
    versions: [
      { name: "v1alpha1", served: false, schema: { openAPIV3Schema: { type: "object" } } },
      {
        name: "v1",
        served: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              spec: {
                type: "object",
                required: ["mode"],
                properties: {
                  size: { type: "integer", format: "int64" },
                  mode: { type: "string", enum: ["on", "off"], default: "on" },
                  interval: { type: "string", pattern: "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$" },
                  port: {
                    anyOf: [{ type: "integer" }, { type: "string" }],
                    "x-kubernetes-int-or-string": true,
                  },
                  values: { "x-kubernetes-preserve-unknown-fields": true },
                  open: {
                    type: "object",
                    properties: { known: { type: "boolean" } },
                    "x-kubernetes-preserve-unknown-fields": true,
                  },
                  labels: { type: "object", additionalProperties: { type: "string" } },
                  note: { type: "string", nullable: true },
                  sources: {
                    type: "array",
                    items: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
                  },
                  template: { type: "object", "x-kubernetes-embedded-resource": true },
                },
              },
            },
          },
        },
      },
    ],
  },
};

/** The schemas of that release. */
export const gadgetSchemas = new FluxSchemas([crd]);
