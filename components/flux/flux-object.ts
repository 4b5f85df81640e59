import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** The API version of each of Flux's kinds. */
const apiVersions = {
  Alert: "notification.toolkit.fluxcd.io/v1beta3",
  GitRepository: "source.toolkit.fluxcd.io/v1",
  HelmRepository: "source.toolkit.fluxcd.io/v1",
  ImagePolicy: "image.toolkit.fluxcd.io/v1",
  ImageRepository: "image.toolkit.fluxcd.io/v1",
  ImageUpdateAutomation: "image.toolkit.fluxcd.io/v1",
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  OCIRepository: "source.toolkit.fluxcd.io/v1",
  Provider: "notification.toolkit.fluxcd.io/v1beta3",
  Receiver: "notification.toolkit.fluxcd.io/v1",
};

type Metadata = k8s.types.input.meta.v1.ObjectMeta;

/** Registers an object of one of Flux's kinds. */
export function fluxObject(
  name: string,
  kind: keyof typeof apiVersions,
  content: { readonly metadata: Metadata; readonly spec: object },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new k8s.apiextensions.CustomResource(name, { apiVersion: apiVersions[kind], kind, ...content }, opts);
}

/**
 * Registers the opaque Secret of an object of Flux. It uses `data`: the API server never returns `stringData`, which
 * would hide changes made by hand.
 * @param values of the Secret, as texts
 */
export function fluxSecret(
  name: string,
  metadata: Metadata,
  values: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const encode = (text: string) => Buffer.from(text).toString("base64");
  const data = pulumi.output(values).apply((texts) => {
    return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, encode(text)]));
  });
  return new k8s.core.v1.Secret(name, { metadata, type: "Opaque", data }, opts);
}
