import * as pulumi from "@pulumi/pulumi";
import { sameName } from "../../lib/github/existing.js";
import {
  leavingComponent,
  nameInUrn,
  repositoryType,
  rulesetType,
  type StatedResource,
  type StateIndex,
  teamType,
} from "../../lib/state/stack-state.js";
import { unchangedResource } from "./unchanged-resource.js";

/**
 * Repositories that no file names any more, with their rulesets, and teams. They stay registered for one update, while
 * deploy keys, rights and members go. The state says of every other repository to keep it, so that `pulumi destroy`
 * archives nothing. This update allows the repositories to go, and the next one archives them. Teams stay on GitHub.
 * @see https://www.pulumi.com/docs/iac/concepts/options/retainondelete/
 */
export class Leaving extends pulumi.ComponentResource {
  constructor(name: string, resources: readonly StatedResource[], opts?: pulumi.ComponentResourceOptions) {
    super(leavingComponent, name, {}, opts);
    const own = { parent: this };
    const repositories = resources
      .filter(({ type }) => type === repositoryType)
      .map((one) => [one.repository, unchangedResource(one, { ...own, retainOnDelete: false })] as const);
    const repositoryOf = new Map(repositories);
    for (const resource of resources.filter(({ type }) => type === rulesetType)) {
      // An archived repository refuses the removal of a ruleset.
      const deletedWith = repositoryOf.get(resource.repository);
      unchangedResource(resource, { ...own, ...(deletedWith && { deletedWith }) });
    }
    for (const resource of resources.filter(({ type }) => type === teamType)) {
      unchangedResource(resource, { ...own, retainOnDelete: true });
    }
    this.registerOutputs();
  }
}

/** Type of a resource, and the repository or team that it is. */
interface Returning {
  readonly type: string;
  readonly repository?: string;
  readonly team?: string;
  /** End of the resource's name. @default - any */
  readonly ending?: string;
}

/** The alias of a resource that was about to leave, and that a file names again. */
export function returningAlias(
  { github }: Pick<StateIndex, "github">,
  { type, repository, team, ending = "" }: Returning,
): { readonly aliases?: string[] } {
  const found = github.find((one) => {
    const isSame =
      repository === undefined
        ? one.team === team
        : one.repository !== undefined && sameName(one.repository, repository);
    return (
      one.type === type && isSame && one.urn.includes(`${leavingComponent}$`) && nameInUrn(one.urn).endsWith(ending)
    );
  });
  return found === undefined ? {} : { aliases: [found.urn] };
}
