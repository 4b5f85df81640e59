/** A value that a policy read, and that the engine does not know before the update. */
export interface UnknownValue {
  /** Path in the properties of its resource: `spec.bypassActors.0.actorId`. */
  readonly path: string;
  /** Name of the resource. */
  readonly resource: string;
}

/**
 * Properties of a resource of the engine that can be read without an error. `@pulumi/policy` throws at a value that the
 * engine does not know before the update, and then skips the policy for the whole stack. Here such a value is as if it were
 * not set, and is noted.
 * @param note gets the path of each unknown value that is read
 */
export function readable<Value>(properties: Value, note: (path: string) => void): Value {
  if (typeof properties !== "object" || properties === null) return properties;
  return new Proxy(properties, {
    get: (target, key) => {
      try {
        return readable(Reflect.get(target, key), note);
      } catch (error) {
        if (!isUnknownValue(error)) throw error;
        note(error.props.join("."));
        return undefined;
      }
    },
  });
}

/** @see https://github.com/pulumi/pulumi-policy/blob/v1.21.0/sdk/nodejs/policy/proxy.ts UnknownValueError */
function isUnknownValue(error: unknown): error is Error & { readonly props: readonly string[] } {
  return error instanceof Error && "unknownTypeSentinel" in error && "props" in error && Array.isArray(error.props);
}
