import type { FleetSpec } from "../../config/fleet-spec.js";
import { firstDeployment } from "./deployment.js";
import { type Files, kustomization, welcome } from "./kustomization.js";
import { readme } from "./readme.js";

/**
 * A base, and one overlay for each stack. The base applies a ConfigMap. It has a Deployment that is not applied until its
 * author has set the image.
 */
export function kustomizeFiles(spec: FleetSpec): Files {
  const overlays = spec.stacks.map(
    (stack) => [`deploy/${stack}/kustomization.yaml`, kustomization("../base")] as const,
  );
  const next = "Set the image in deploy/base/deployment.yaml, and list that file in kustomization.yaml.";
  return {
    "README.md": readme(spec, { hasBase: true, first, sample: " `deployment.yaml`\nfollows all rules. " }),
    "deploy/base/kustomization.yaml": `${kustomization("welcome.yaml")}  # - deployment.yaml\n`,
    "deploy/base/deployment.yaml": firstDeployment(spec),
    "deploy/base/welcome.yaml": welcome(next),
    ...Object.fromEntries(overlays),
  };
}

const first = `1. Set \`image\` in \`deploy/base/deployment.yaml\`, and the port that it listens on.
2. Remove the \`#\` before \`- deployment.yaml\` in \`deploy/base/kustomization.yaml\`.
3. Commit and push.
`;
