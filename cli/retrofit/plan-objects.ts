import { gitHubHost } from "../../config/stack/environment.js";
import { type PlannedObject, plannedObjects } from "../../operate/verify/planned-objects.js";
import { organisationOn, UNKNOWN_OWNER } from "../../review/record/assumed-github.js";
import { loadStack } from "../load-stack.js";
import { planStack } from "../plan-stack.js";

/**
 * The objects that the program registers on a stack, without Flux's own: the accounts and syncs of its tenants do not
 * depend on these. It needs no GitHub.
 * @throws FleetError with the problems of the stack's files
 */
export async function planObjects(
  root: string,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<readonly PlannedObject[]> {
  const declared = (await loadStack(root, stack)).spec?.github.owner;
  const owner = environment.GITHUB_OWNER || declared || UNKNOWN_OWNER;
  const gitHub = organisationOn(gitHubHost(environment), owner);
  return plannedObjects(await planStack({ root, stack, gitHub, withoutFlux: true }));
}
