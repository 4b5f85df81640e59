/** Files of a repository: path from its root → content. */
export type Files = Readonly<Record<string, string>>;

/**
 * The first files of a tenant's repository: a base, and one overlay for each stack, so that the first sync of every
 * cluster becomes Ready.
 *
 * The base has one ConfigMap, because Kustomize refuses an empty build.
 * @param stacks stacks that have an overlay folder, sorted
 */
export function tenantScaffold(stacks: readonly string[]): Files {
  return {
    "README.md": readme(stacks),
    "deploy/base/kustomization.yaml": kustomization(["welcome.yaml"]),
    "deploy/base/welcome.yaml": welcome,
    ...Object.fromEntries(
      stacks.map((stack) => [`deploy/${stack}/kustomization.yaml`, kustomization(["../base"])] as const),
    ),
  };
}

function kustomization(resources: readonly string[]): string {
  const list = resources.map((resource) => `  - ${resource}\n`).join("");
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${list}`;
}

const welcome = `# Replace this by your own manifests; it only lets the first sync succeed.
apiVersion: v1
kind: ConfigMap
metadata:
  name: welcome
data:
  next: Commit manifests to deploy/base and list them in its kustomization.yaml.
`;

function readme(stacks: readonly string[]): string {
  const folders = stacks.map((stack) => `- \`deploy/${stack}\`: what runs on the cluster \`${stack}\`\n`).join("");
  return `# Deployments of this team

Flux applies what is on the default branch, in your own namespace and with your own rights.

- \`deploy/base\`: what runs everywhere
${folders}
A push is applied within a minute. What Flux says of it is in the status of your Kustomization:
\`kubectl get kustomizations -n NAMESPACE\`.
`;
}
