import type { FleetSpec } from "../../config/fleet-spec.js";
import type { NeededRight } from "../../operate/doctor/judge-github.js";
import { writesWorkflows } from "../../operate/doctor/writes-workflows.js";

/** A right, and the request that shows whether the token has it. */
export interface RightProbe extends NeededRight {
  /**
   * Path of a GET request that needs the permission for reading. `{platform}` stands for the platform's repository.
   * @default - no request needs it
   */
  readonly path?: string;
}

const repositories: readonly RightProbe[] = [
  {
    scopes: ["repo"],
    permission: "Administration: write",
    purpose: "repositories, deploy keys and rulesets",
    path: "/repos/{owner}/{platform}/keys",
  },
  {
    scopes: ["repo"],
    permission: "Contents: write",
    purpose: "the first files of repositories",
    path: "/repos/{owner}/{platform}/contents",
  },
];
const members: RightProbe = {
  scopes: ["admin:org"],
  permission: "Members: write",
  purpose: "teams of tenants, and their members",
  path: "/orgs/{owner}/teams",
};
const webhooks: RightProbe = {
  scopes: ["admin:repo_hook", "repo"],
  permission: "Webhooks: write",
  purpose: "webhooks, which notify the cluster of each push",
  path: "/repos/{owner}/{platform}/hooks",
};

/** Files of workflows need it beside "Contents: write". */
const workflows: RightProbe = {
  scopes: ["workflow"],
  permission: "Workflows: write",
  purpose: "workflows in repositories",
};

/** The rights that an update of a stack needs of its token. @param spec undefined while the files have problems */
export function neededRights(spec: FleetSpec | undefined): readonly RightProbe[] {
  if (spec === undefined) return repositories;
  const { tenants } = spec;
  const hasTeam = tenants.some(({ team }) => team !== undefined);
  const hasWebhook = tenants.some(({ webhook }) => webhook);
  return [
    ...repositories,
    ...(hasTeam ? [members] : []),
    ...(hasWebhook ? [webhooks] : []),
    ...(writesWorkflows(spec) ? [workflows] : []),
  ];
}
