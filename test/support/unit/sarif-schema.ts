const text = { type: "string", minLength: 1 } as const;
const message = object({ text });

/** An object with these fields and no others. All are required but the optional ones. */
function object(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

function list(items: object, more: object = {}) {
  return { type: "array", items, ...more };
}

const level = { enum: ["none", "note", "warning", "error"] };
const instant = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$" };

/** The part of SARIF 2.1.0 that the program writes: the standard's names, types and required fields. */
export const sarifSchema = object(
  {
    version: { const: "2.1.0" },
    runs: list(
      object(
        {
          tool: object({
            driver: object(
              {
                name: text,
                rules: list(
                  object({ id: text }, { shortDescription: message, defaultConfiguration: object({ level }) }),
                  { uniqueItems: true },
                ),
              },
              { semanticVersion: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" } },
            ),
          }),
          results: list(
            object(
              { message },
              {
                ruleId: text,
                ruleIndex: { type: "integer", minimum: 0 },
                level,
                locations: list(
                  object(
                    {
                      physicalLocation: object({
                        artifactLocation: object({ uri: { type: "string", pattern: "^[\\w./-]+$" } }),
                      }),
                    },
                    { logicalLocations: list(object({ fullyQualifiedName: text, kind: text })) },
                  ),
                ),
                partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
              },
            ),
          ),
        },
        { invocations: list(object({ executionSuccessful: { type: "boolean" } }, { startTimeUtc: instant })) },
      ),
    ),
  },
  { $schema: text },
);
