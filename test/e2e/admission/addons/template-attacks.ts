import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";
import { costlyTemplates } from "./templates.js";

const external = (spec: Fields): Fields => ({ secretStoreRef: { name: "own" }, ...spec });

/** ExternalSecrets that each break one rule on templates. */
export const templateAttacks: readonly AddonAttack[] = [
  ...costlyTemplates().flatMap((text): AddonAttack[] => [
    {
      kind: "ExternalSecret",
      at: "spec.target.template.data",
      spec: external({ target: { template: { data: { plain: "{{ .a }}", costly: text } } } }),
    },
  ]),
  {
    kind: "ExternalSecret",
    at: "spec.target.template.data",
    spec: external({ target: { template: { data: many("{{ .a }}".repeat(10), 6) } } }),
  },
  ...(["labels", "annotations"] as const).map(
    (field): AddonAttack => ({
      kind: "ExternalSecret",
      at: `spec.target.template.metadata.${field}`,
      form: "template",
      spec: external({ target: { template: { metadata: { [field]: { team: "{{ until 2000000000 }}" } } } } }),
    }),
  ),
  ...(["configMap", "secret"] as const).map(
    (source): AddonAttack => ({
      kind: "ExternalSecret",
      at: "spec.target.template.templateFrom[]",
      spec: external({
        target: { template: { templateFrom: [{ [source]: { name: "templates", items: [{ key: "costly" }] } }] } },
      }),
    }),
  ),
  {
    kind: "ExternalSecret",
    at: "spec.target.template.templateFrom",
    spec: external({ target: { template: { templateFrom: Array(6).fill({ literal: "a: b" }) } } }),
  },
  {
    kind: "ExternalSecret",
    at: "spec.target.template.templateFrom[].literal",
    spec: external({ target: { template: { templateFrom: [{ literal: "a: {{ until 2000000000 }}" }] } } }),
  },
];

/** A map of templates that are cheap one by one. */
function many(text: string, count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, text]));
}
