import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { isPlainObject, type PlainObject } from "../../lib/data/merge.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { fieldAt, listAt } from "../../review/findings/facts.js";
import { strictSchema } from "./strict-schema.js";

/** A field that a schema refuses. */
export interface SchemaFault {
  readonly path: Path;
  /** The fault, without a period. */
  readonly message: string;
}

/** The schemas of the CRDs of a Flux release. */
export class FluxSchemas {
  readonly #schemas = new Map<string, PlainObject>();
  readonly #groups = new Set<string>();
  readonly #validators = new Map<string, ValidateFunction>();
  // Formats are not checked. Defaults count before the schema, as in the API server.
  readonly #ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    validateFormats: false,
    unicodeRegExp: false,
    logger: false,
  });

  /** @param manifest objects of the release */
  constructor(manifest: readonly object[]) {
    for (const crd of manifest) {
      if (fieldAt(crd, "kind") !== "CustomResourceDefinition") continue;
      const [group, kind] = [fieldAt(crd, "spec", "group"), fieldAt(crd, "spec", "names", "kind")].map(String);
      this.#groups.add(group ?? "");
      for (const version of listAt(crd, "spec", "versions")) {
        const schema = fieldAt(version, "schema", "openAPIV3Schema");
        if (fieldAt(version, "served") !== true || !isPlainObject(schema)) continue;
        this.#schemas.set(`${group}/${String(fieldAt(version, "name"))} ${kind}`, schema);
      }
    }
  }

  /** The faults of an object. Objects of other API groups have none here. */
  faultsOf(data: PlainObject): SchemaFault[] {
    const [apiVersion, kind] = [String(data.apiVersion), String(data.kind)];
    if (!this.#groups.has(apiVersion.split("/")[0] ?? "")) return [];
    const validate = this.#validatorOf(`${apiVersion} ${kind}`);
    if (validate === undefined) {
      return [{ path: ["apiVersion"], message: `${apiVersion} has no kind ${kind} in the pinned version of Flux` }];
    }
    // The defaults are written into a copy.
    const copy = structuredClone(data);
    validate(copy);
    return withoutAlternatives(validate.errors ?? []).flatMap((error) => faultOf(error, data));
  }

  #validatorOf(type: string): ValidateFunction | undefined {
    const schema = this.#schemas.get(type);
    if (schema === undefined) return undefined;
    const known = this.#validators.get(type) ?? this.#ajv.compile(strictSchema(schema));
    this.#validators.set(type, known);
    return known;
  }
}

/** Of alternatives that all fail, the summary alone is of use. */
function withoutAlternatives(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors.filter(({ schemaPath }) => !/\/(?:anyOf|oneOf|not)\/./.test(schemaPath));
}

function faultOf(
  { instancePath, keyword, params, message = "is refused" }: ErrorObject,
  root: PlainObject,
): SchemaFault[] {
  const path = pathOf(instancePath, root);
  const value = path.reduce<unknown>((one, step) => fieldAt(one, String(step)), root);
  // A variable without a known value may stand for anything.
  if (typeof value === "string" && value.includes("${")) return [];
  if (keyword === "additionalProperties") {
    const field = String(params.additionalProperty);
    return [{ path: [...path, field], message: `has no field ${field}` }];
  }
  if (keyword === "required") return [{ path, message: `lacks the field ${String(params.missingProperty)}` }];
  const allowed =
    keyword === "enum" && Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(", ")}` : "";
  return [{ path, message: `${message}${allowed}` }];
}

/** The steps of a JSON pointer. Those within lists are numbers. */
function pathOf(pointer: string, root: PlainObject): Path {
  const steps = pointer.split("/").slice(1);
  let value: unknown = root;
  return steps.map((step) => {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const isItem = Array.isArray(value);
    value = fieldAt(value, name);
    return isItem ? Number(name) : name;
  });
}
