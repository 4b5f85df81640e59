import type { FleetSpec } from "../../config/fleet-spec.js";
import { firstDeployment } from "./deployment.js";
import { readme } from "./readme.js";

/**
 * The first files of a tenant's repository, path from its root → content: a base, and one overlay for each stack, so
 * that the first sync of every cluster becomes Ready. The base applies a ConfigMap, because Kustomize refuses an empty
 * build. It has a Deployment that is not applied until its author has set the image.
 */
export function tenantScaffold(spec: FleetSpec): Readonly<Record<string, string>> {
  const overlays = spec.stacks.map(
    (stack) => [`deploy/${stack}/kustomization.yaml`, kustomization("../base")] as const,
  );
  return {
    "README.md": readme(spec),
    "deploy/base/kustomization.yaml": `${kustomization("welcome.yaml")}  # - deployment.yaml\n`,
    "deploy/base/deployment.yaml": firstDeployment(spec),
    "deploy/base/welcome.yaml": welcome,
    ...Object.fromEntries(overlays),
  };
}

function kustomization(resource: string): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ${resource}\n`;
}

const welcome = `# It only lets the first sync succeed. Remove it when you have a manifest of your own.
apiVersion: v1
kind: ConfigMap
metadata:
  name: welcome
data:
  next: Set the image in deploy/base/deployment.yaml, and list that file in kustomization.yaml.
`;
