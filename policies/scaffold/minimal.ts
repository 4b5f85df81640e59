import type { FleetSpec } from "../../config/fleet-spec.js";
import { type Files, kustomization, welcome } from "./kustomization.js";
import { readme } from "./readme.js";

/** One folder for each stack, and nothing that stacks share: for teams that bring manifests of their own. */
export function minimalFiles(spec: FleetSpec): Files {
  const next = "Add manifests to this folder, and list them in kustomization.yaml.";
  const folders = spec.stacks.flatMap((stack) => [
    [`deploy/${stack}/kustomization.yaml`, kustomization("welcome.yaml")] as const,
    [`deploy/${stack}/welcome.yaml`, welcome(next)] as const,
  ]);
  return { "README.md": readme(spec, { hasBase: false, first }), ...Object.fromEntries(folders) };
}

const first = `1. Add your manifests to the folder of a cluster.
2. List them in its \`kustomization.yaml\`, and remove \`welcome.yaml\`.
3. Commit and push.
`;
