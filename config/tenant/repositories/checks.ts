import type { Problem } from "../../../lib/diagnostics/problem.js";
import type { Path } from "../../../lib/diagnostics/zod-issues.js";
import { declares, locationOf } from "../../files/location.js";
import { type DeclaredTenant, having, type ParsedTenant } from "../declared-tenant.js";
import { partPlace } from "../part-place.js";
import type { TenantSpec } from "../schema.js";

/**
 * The problems between the fields of a tenant's repositories. They exist once for all stacks, so every base file counts.
 */
export function repositoryProblems(everywhere: readonly ParsedTenant[]): Problem[] {
  return having(everywhere, "repository", "repositories")
    .flatMap(repositoriesOf)
    .flatMap((repository) =>
      repository.declared.existing ? foreignProblems(repository) : protectionProblems(repository),
    );
}

interface Repository {
  readonly declared: TenantSpec["repositories"][number];
  /** Whether the file itself has a field of this repository. */
  readonly declares: (field: string) => boolean;
  /** A problem at a place in this repository. */
  readonly at: (place: Path, problem: Pick<Problem, "message" | "fix">) => Problem;
}

function repositoriesOf({ base, spec }: DeclaredTenant<"repository" | "repositories">): Repository[] {
  return spec.repositories.map((declared, index) => {
    const place = partPlace("repository", index, declared.name);
    return {
      declared,
      declares: (field) => declares(base, [...place, field]),
      at: (rest, problem) => ({ ...locationOf(base, [...place, ...rest]), ...problem }),
    };
  });
}

/** Settings of a repository, which the owner of an existing one keeps. */
const settings = ["protection", "topics", "codeowners"];

function foreignProblems({ declares, at }: Repository): Problem[] {
  return settings.filter(declares).map((field) =>
    at([field], {
      message: "cannot be set for an existing repository (existing: true), whose settings its owner keeps",
      fix: "Remove it, and set it on GitHub",
    }),
  );
}

/** Demands that nothing would enforce, so that the branch looks better protected than it is. */
function protectionProblems({ declared: { protection, codeowners }, at }: Repository): Problem[] {
  const { enabled, pullRequest, reviews, codeOwners, checks } = protection;
  const demands = { pullRequest, reviews: reviews > 0, codeOwners, checks: checks.length > 0 };
  if (!enabled) {
    return Object.entries(demands)
      .filter(([, isDemanded]) => isDemanded)
      .map(([field]) =>
        at(["protection", field], {
          message: "is demanded of a branch that is not protected at all (enabled: false)",
          fix: "Remove one of the two",
        }),
      );
  }
  const problems: Problem[] = [];
  for (const field of ["reviews", "codeOwners"] as const) {
    if (!demands[field] || pullRequest) continue;
    const message = "is demanded of pull requests, without which the branch can be changed (pullRequest is not true)";
    problems.push(at(["protection", field], { message, fix: "Add pullRequest: true, or remove it" }));
  }
  if (codeOwners && codeowners.length === 0) {
    const message = "asks for the approval of owners, and there is no codeowners that names any";
    problems.push(at(["protection", "codeOwners"], { message, fix: "Add codeowners to the repository, or remove it" }));
  }
  return problems;
}
