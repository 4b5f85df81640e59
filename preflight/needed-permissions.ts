import type { FleetSpec } from "../config/fleet-spec.js";
import { workflowFiles } from "../policies/workflow-files.js";

/** A permission that the program needs of a fine-grained token or of a GitHub App. */
export interface NeededPermission {
  /** Name in GitHub's API: `repository_hooks`. */
  readonly key: "administration" | "contents" | "members" | "repository_hooks" | "workflows";
  /** Name and level on GitHub's pages: `Webhooks: write`. */
  readonly title: string;
  /** Purpose, after "for". */
  readonly purpose: string;
}

const repositories: readonly NeededPermission[] = [
  { key: "administration", title: "Administration: write", purpose: "repositories, deploy keys and rulesets" },
  { key: "contents", title: "Contents: write", purpose: "the first files of repositories" },
];
const members: NeededPermission = {
  key: "members",
  title: "Members: write",
  purpose: "teams of tenants, and their members",
};
const webhooks: NeededPermission = {
  key: "repository_hooks",
  title: "Webhooks: write",
  purpose: "webhooks, which notify the cluster of each push",
};
const workflows: NeededPermission = {
  key: "workflows",
  title: "Workflows: write",
  purpose: "workflows in repositories",
};

/**
 * The permissions that an update of a stack needs. All are needed with the right to write.
 * @param spec undefined while the files have problems
 */
export function neededPermissions(spec: FleetSpec | undefined): readonly NeededPermission[] {
  if (spec === undefined) return repositories;
  const { github, tenants, tenantsElsewhere } = spec;
  const hasTeam = github.ownsRepositories && [...tenants, ...tenantsElsewhere].some(({ team }) => team !== undefined);
  return [
    ...repositories,
    ...(hasTeam ? [members] : []),
    ...(tenants.some(({ webhook }) => webhook) ? [webhooks] : []),
    ...(workflowFiles(spec, new Map()).length > 0 ? [workflows] : []),
  ];
}
