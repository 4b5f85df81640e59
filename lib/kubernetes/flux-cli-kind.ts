/** Kinds of Flux as commands of the flux CLI name them: `flux resume source git`. */
export const fluxCliKinds: Readonly<Record<string, string>> = {
  Kustomization: "kustomization",
  HelmRelease: "helmrelease",
  GitRepository: "source git",
  HelmRepository: "source helm",
  OCIRepository: "source oci",
  ImageRepository: "image repository",
  ImagePolicy: "image policy",
  ImageUpdateAutomation: "image update",
  Alert: "alert",
  Receiver: "receiver",
};
