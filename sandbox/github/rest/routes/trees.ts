import type { FastifyInstance } from "fastify";
import { bare, type Emulator } from "../../context.js";
import type { TreeEntry } from "../../git/bare-repository.js";
import { type RepositoryParams, readable } from "../access.js";
import { conflict, notFound } from "../errors.js";

type TreeParams = RepositoryParams & { readonly "*": string };

/** The files of a commit. @see https://docs.github.com/en/rest/git/trees#get-a-tree */
export function treeRoutes(app: FastifyInstance, emulator: Emulator): void {
  app.get<{ Params: TreeParams; Querystring: { recursive?: string } }>(
    "/repos/:owner/:repo/git/trees/*",
    async (request) => {
      const repository = readable(emulator, request);
      const git = bare(emulator, repository);
      if ((await git.refs("refs/heads")).length === 0) throw conflict("Git Repository is empty.");
      const commit = await git.resolve(request.params["*"]);
      if (commit === undefined) throw notFound();
      const sha = await git.treeOf(commit);
      const at = `${emulator.urls.repository(repository.name)}/git`;
      // Whatever the parameter's value, GitHub goes into folders when it is there.
      const entries =
        request.query.recursive === undefined ? await git.directoryEntries(commit, "") : await git.allEntries(commit);
      return { sha, url: `${at}/trees/${sha}`, tree: entries.map((entry) => view(at, entry)), truncated: false };
    },
  );
}

function view(at: string, { path, mode, type, sha, size }: TreeEntry) {
  return { path, mode, type, sha, ...(type === "blob" ? { size } : {}), url: `${at}/${type}s/${sha}` };
}
