/** Files of a repository: path from its root → content. */
export type Files = Readonly<Record<string, string>>;

/** A kustomization of Kustomize with these resources. */
export function kustomization(...resources: readonly string[]): string {
  const list = resources.map((resource) => `  - ${resource}\n`).join("");
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${list}`;
}

/** The ConfigMap that lets a first sync succeed, because Kustomize refuses an empty build. @param next step of the author */
export function welcome(next: string): string {
  return `# It only lets the first sync succeed. Remove it when you have a manifest of your own.
apiVersion: v1
kind: ConfigMap
metadata:
  name: welcome
data:
  next: ${next}
`;
}
