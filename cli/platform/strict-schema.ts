import { isPlainObject, type PlainObject, type PlainValue } from "../../lib/data/merge.js";

const [preserve, embedded, intOrString] = [
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
];

/** Every object has these, whatever the schema of its CRD says. The API server checks the metadata by itself. */
const ofEveryObject: PlainObject = {
  apiVersion: { type: "string" },
  kind: { type: "string" },
  metadata: { type: "object" },
};

/**
 * The schema of a CRD as a JSON Schema that refuses unknown fields, as the API server does with `fieldValidation=Strict`.
 * Rules in CEL (`x-kubernetes-validations`) are left out.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function strictSchema(schema: PlainObject): PlainObject {
  return strict({ ...schema, [embedded]: true });
}

function strict(schema: PlainObject): PlainObject {
  const own = Object.entries(schema).filter(([keyword]) => !isDropped(keyword, schema));
  const result = Object.fromEntries(own.map(([keyword, value]) => [keyword, strictKeyword(keyword, value)]));
  if (schema[intOrString] === true) return { ...result, type: ["integer", "string"] };
  if (schema.type !== "object") return result;
  const isEmbedded = schema[embedded] === true;
  const properties = { ...objectAt(result.properties), ...(isEmbedded ? ofEveryObject : {}) };
  const isOpen = schema[preserve] === true || schema.additionalProperties !== undefined;
  return { ...result, properties, ...(isOpen ? {} : { additionalProperties: false }) };
}

/** Formats and descriptions decide nothing here; of a field that is a number or a text, the alternatives say the same. */
function isDropped(keyword: string, schema: PlainObject): boolean {
  if (keyword.startsWith("x-kubernetes-") || ["description", "example", "externalDocs", "format"].includes(keyword))
    return true;
  return keyword === "anyOf" && schema[intOrString] === true;
}

/** Alternatives (`anyOf`, `not`) hold conditions alone, and no fields of their own. */
function strictKeyword(keyword: string, value: PlainValue): PlainValue {
  if (keyword === "properties" && isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, strictValue(field)]));
  }
  return keyword === "items" || keyword === "additionalProperties" ? strictValue(value) : value;
}

function strictValue(value: PlainValue): PlainValue {
  return isPlainObject(value) ? strict(value) : value;
}

function objectAt(value: PlainValue | undefined): PlainObject {
  return isPlainObject(value) ? value : {};
}
