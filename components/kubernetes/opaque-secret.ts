import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** The metadata of an opaque Secret, and its values as texts. */
export interface OpaqueSecretArgs {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly values: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Registers an opaque Secret. The API server never returns `stringData`, which would hide changes made by hand. */
export function opaqueSecret(
  name: string,
  { metadata, values }: OpaqueSecretArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const data = pulumi
    .output(values)
    .apply((texts) =>
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")])),
    );
  return new k8s.core.v1.Secret(name, { metadata, type: "Opaque", data }, opts);
}
