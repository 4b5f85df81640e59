import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

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

/** One of Flux's kinds. */
export type FluxKind = keyof typeof apiVersions;

/** The content of an object. */
export interface FluxObjectArgs {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly spec: object;
}

/** Registers an object of one of Flux's kinds. */
export function fluxObject(name: string, kind: FluxKind, args: FluxObjectArgs, opts: pulumi.CustomResourceOptions) {
  return new k8s.apiextensions.CustomResource(name, { apiVersion: apiVersions[kind], kind, ...args }, opts);
}
