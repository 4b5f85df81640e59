import type * as k8s from "@pulumi/kubernetes";

/**
 * The arguments of an opaque Secret.
 * @param data values in base64. `stringData` would hide changes made by hand: the API server never returns it
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#opaque-secrets
 */
export function opaqueSecretArgs(
  metadata: k8s.types.input.meta.v1.ObjectMeta,
  data: NonNullable<k8s.core.v1.SecretArgs["data"]>,
): k8s.core.v1.SecretArgs {
  return { metadata, type: "Opaque", data };
}

/** A text in base64, as the field `data` of a Secret needs it. */
export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
