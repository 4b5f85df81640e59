import type { FastifyInstance } from "fastify";
import { bare, type Emulator } from "../../context.js";
import { findCommit } from "../../git/look-up.js";
import { matchesRef } from "../../rules/pattern.js";
import type { RepositoryRecord } from "../../state/records.js";
import { type RepositoryParams, readable } from "../access.js";
import { ApiError } from "../errors.js";
import { commitView } from "../views/commit.js";
import { commitContext } from "./commits.js";

/** One branch of a repository. */
export function branchRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls } = emulator;

  // A wildcard, because branch names have slashes, encoded or not.
  app.get<{ Params: RepositoryParams & { "*": string } }>("/repos/:owner/:repo/branches/*", async (request) => {
    const repository = readable(emulator, request);
    const name = request.params["*"];
    const git = bare(emulator, repository);
    const commit = await findCommit(git, `refs/heads/${name}`);
    if (commit === undefined) throw new ApiError(404, { message: "Branch not found" });
    const self = `${urls.repository(repository.name)}/branches/${encodeURIComponent(name)}`;
    return {
      name,
      commit: commitView(commitContext(emulator, repository), commit),
      _links: { self, html: urls.page(`${emulator.owner}/${repository.name}/tree/${encodeURIComponent(name)}`) },
      protected: isProtected(repository, `refs/heads/${name}`),
      // Branch protection, the predecessor of rulesets, is not part of the emulator.
      protection: { enabled: false, required_status_checks: { enforcement_level: "off", contexts: [], checks: [] } },
      protection_url: `${self}/protection`,
    };
  });
}

/** Whether an active ruleset speaks about the branch. */
function isProtected(repository: RepositoryRecord, ref: string): boolean {
  return repository.rulesets.some(
    ({ enforcement, target, refName }) =>
      enforcement === "active" && target === "branch" && matchesRef(refName, ref, repository.defaultBranch),
  );
}
