import type { Problem } from "../../../lib/diagnostics/problem.js";
import { declares, definingFile } from "../../files/location.js";
import { clashes, type DeclaredTenant, having, problemAt, type TenantCheck } from "../declared-tenant.js";
import { type PlacedPart, placedParts } from "../parts.js";
import type { TenantSpec } from "../schema.js";
import { TEMPLATE_REPOSITORIES } from "./scaffolds.js";
import { CODEOWNERS_PATH, coversItself } from "./schema.js";

const otherRepository =
  "Give each tenant a repository of its own, or write existing: true in the files of all that share it";

type Repository = PlacedPart<TenantSpec["repositories"][number]>;

/**
 * The problems between the fields of a tenant's repositories, and repositories that two tenants, or a tenant and the
 * platform, would have. They exist once for all stacks, so every base file counts, whether this stack uses it or not.
 */
export const repositoryProblems: TenantCheck = (everywhere, { settings }) => {
  const repositories = having(everywhere, "repository", "repositories").flatMap((tenant) =>
    placedParts("repository", tenant.spec.repositories).map((repository) => ({ tenant, repository })),
  );
  const reserved = new Map(TEMPLATE_REPOSITORIES.map((name) => [name, "is the template of all tenants' repositories"]));
  const { platformRepository } = settings.sound;
  if (platformRepository) reserved.set(platformRepository.name.toLowerCase(), "is the platform's own repository");
  return [
    ...clashes(
      // Of a repository that is the program's, two tenants would set the teams and the rules.
      repositories.map(({ tenant, repository: { name, namePlace: place, existing } }) => {
        return { tenant, name, place, shared: existing && !isTwice(tenant, name) };
      }),
      { message: "is the repository of", fix: otherRepository, reserved },
    ),
    ...repositories.flatMap(({ tenant, repository }) =>
      repository.existing ? foreignProblems(tenant, repository) : protectionProblems(tenant, repository),
    ),
  ];
};

/** Whether a tenant itself has a repository under two names. */
function isTwice({ spec }: DeclaredTenant<"repository" | "repositories">, name: string): boolean {
  return spec.repositories.filter((one) => one.name.toLowerCase() === name.toLowerCase()).length > 1;
}

function foreignProblems(tenant: DeclaredTenant, { place }: Repository): Problem[] {
  const message = "cannot be set for an existing repository (existing: true), whose settings its owner keeps";
  return ["protection", "topics", "codeowners"]
    .map((field) => [...place, field])
    .filter((field) => declares(definingFile(tenant, field), field))
    .map((field) => {
      const isOwn = definingFile(tenant, field) === tenant.base;
      const fix = isOwn ? "Remove it" : `Write null for it in ${tenant.base.file}`;
      return problemAt(tenant, field, message, `${fix}, and set it on GitHub`);
    });
}

/** Demands that nothing would enforce, so that the branch looks better protected than it is. */
function protectionProblems(tenant: DeclaredTenant, { protection, codeowners, place }: Repository): Problem[] {
  const { enabled, pullRequest, reviews, codeOwners, checks } = protection;
  const demands = { pullRequest, reviews: reviews > 0, codeOwners, checks: checks.length > 0 };
  const problems = (fields: readonly (keyof typeof demands)[], message: string, fix: string) =>
    fields
      .filter((field) => demands[field])
      .map((field) => problemAt(tenant, [...place, "protection", field], message, fix));
  if (!enabled) {
    const message = "is demanded of a branch that is not protected at all (enabled: false)";
    return problems(["pullRequest", "reviews", "codeOwners", "checks"], message, "Remove one of the two");
  }
  const unreviewed = "is demanded of pull requests, without which the branch can be changed (pullRequest is not true)";
  const ownerless = "asks for the approval of owners, and there is no codeowners that names any";
  return [
    ...problems(pullRequest ? [] : ["reviews", "codeOwners"], unreviewed, "Add pullRequest: true, or remove it"),
    ...problems(
      codeowners.length > 0 ? [] : ["codeOwners"],
      ownerless,
      "Add codeowners to the repository, or remove it",
    ),
    ...(codeOwners && codeowners.length > 0 && !coversItself(codeowners) ? [ownerlessFile(tenant, place)] : []),
  ];
}

/** A person who may merge could change the owners first, and then their files. */
function ownerlessFile(tenant: DeclaredTenant, place: Repository["place"]): Problem {
  const message = `names no owner of ${CODEOWNERS_PATH}, so a pull request without an owner's approval could change the owners`;
  return problemAt(tenant, [...place, "codeowners"], message, 'Add a pattern like /.github/, or "*" as the first one');
}
