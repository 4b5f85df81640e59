/**
 * The values that differ between clusters, for substitution in the platform's manifests. `cluster_name` and
 * `cluster_stack` are always there and cannot be overridden: a manifest must be able to trust them.
 * @param variables `fleet:variables`
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function clusterVariables(
  { stack, cluster }: Readonly<Record<"stack" | "cluster", string>>,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...variables, cluster_name: cluster, cluster_stack: stack };
}
