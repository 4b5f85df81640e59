import type { FleetSpec } from "../config/fleet-spec.js";
import { templateRepository, usedScaffolds } from "../config/tenant/repositories/scaffolds.js";
import { platformWorkflow } from "./platform-workflow.js";
import { tenantScaffold } from "./scaffold/scaffold.js";

/** A workflow that the program writes to a repository. */
export interface WorkflowFile {
  /** Name of the repository. */
  readonly repository: string;
  /** Path below `.github/workflows/`. */
  readonly path: string;
  readonly content: string;
  /** The setting that asks for it. */
  readonly setting: string;
}

/** The folder that GitHub reads workflows from. */
const folder = ".github/workflows/";

/**
 * The workflows that a stack writes: that of the platform's repository, and those in templates of tenants' repositories.
 * Only the stack that creates repositories writes any.
 * @param managed the stack's repositories, by their name in lower case
 */
export function workflowFiles(spec: FleetSpec, managed: ReadonlyMap<string, unknown>): readonly WorkflowFile[] {
  if (!spec.github.ownsRepositories) return [];
  const { repository } = spec.platform;
  const ofPlatform = { repository: repository.name, setting: "fleet:platformRepository.rules" };
  const platform = Object.entries(platformWorkflow(repository)).map(([path, content]) => {
    return { ...ofPlatform, path, content };
  });
  const templates = usedScaffolds(spec, managed).flatMap((scaffold) => {
    const ofTemplate = { repository: templateRepository(scaffold), setting: `repository.scaffold: ${scaffold}` };
    return Object.entries(tenantScaffold(scaffold, spec)).map(([path, content]) => ({ ...ofTemplate, path, content }));
  });
  return [...platform, ...templates.filter(({ path }) => path.startsWith(folder))];
}
