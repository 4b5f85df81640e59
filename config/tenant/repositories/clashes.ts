import { isPlainObject } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { objectIn, placed, textAt } from "../../files/declared-tenant.js";
import type { Catalogue } from "../../files/tenant-files.js";
import type { YamlFile } from "../../files/yaml-file.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../../names.js";

/**
 * Repositories that two would have. They exist once for all stacks, so every base file counts, whether this stack uses
 * it or not.
 */
export function repositoryClashes(catalogue: Catalogue, platformRepository: string | undefined): Problem[] {
  // GitHub's names differ by more than case.
  const takenBy = new Map([[TENANT_TEMPLATE_REPOSITORY, "the template of all tenants' repositories"]]);
  if (platformRepository !== undefined) takenBy.set(platformRepository.toLowerCase(), "the platform's own repository");
  return [...catalogue.base].flatMap(([name, base]) =>
    base.readable ? repositoriesOf(name, base).flatMap((repository) => clash(name, base, repository, takenBy)) : [],
  );
}

interface NamedRepository {
  readonly name: string;
  readonly place: readonly string[];
}

function repositoriesOf(tenant: string, base: YamlFile): NamedRepository[] {
  const first = { name: textAt(base, ["repository", "name"]) ?? tenant, place: ["repository", "name"] };
  const { repositories } = objectIn(base);
  const further = isPlainObject(repositories) ? Object.keys(repositories) : [];
  return [first, ...further.map((name) => ({ name, place: ["repositories", name] }))];
}

function clash(
  tenant: string,
  base: YamlFile,
  { name, place }: NamedRepository,
  takenBy: Map<string, string>,
): Problem[] {
  const owner = takenBy.get(name.toLowerCase());
  if (owner === undefined) {
    takenBy.set(name.toLowerCase(), `the repository of ${tenant} (${base.file})`);
    return [];
  }
  const message = `${JSON.stringify(name)} is ${owner} already`;
  return [{ ...placed(base, place), message, fix: "Give each tenant a repository of its own" }];
}
