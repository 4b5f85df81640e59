import type { FastifyInstance } from "fastify";
import type { Emulator } from "../../context.js";
import type { RepositoryRecord } from "../../state/records.js";
import { unprocessable } from "../errors.js";
import { page } from "../paging.js";
import { repositoryView } from "../views/repository.js";

/** Whether a repository satisfies one word of a query. */
type Test = (repository: RepositoryRecord) => boolean;

/**
 * Finds repositories, as the provider's `getRepositories` does.
 * @see https://docs.github.com/search-github/searching-on-github/searching-for-repositories
 */
export function searchRoutes(app: FastifyInstance, emulator: Emulator): void {
  const { urls, catalogue } = emulator;

  app.get<{ Querystring: { q?: string; sort?: string } }>("/search/repositories", async (request, reply) => {
    const words = (request.query.q ?? "").match(/(?:[^\s"]+|"[^"]*")+/g) ?? [];
    if (words.length === 0) throw unprocessable("Validation Failed: q is missing");
    const fields = words
      .find((word) => word.startsWith("in:"))
      ?.slice("in:".length)
      .split(",") ?? ["name", "description"];
    const tests = words.map((word) => test(emulator.owner, fields, word));
    const found = catalogue.state.repositories
      .filter((repository) => request.principal === "owner" || repository.visibility === "public")
      .filter((repository) => tests.every((satisfied) => satisfied(repository)));
    if (request.query.sort === "updated") found.sort((one, other) => other.updatedAt.localeCompare(one.updatedAt));
    return {
      total_count: found.length,
      incomplete_results: false,
      items: page(request, reply, found).map((repository) => {
        const { organization: _, ...view } = repositoryView({ urls, state: catalogue.state }, repository);
        return { ...view, score: 1 };
      }),
    };
  });
}

/** @throws 422 for a qualifier that the emulator does not know: a wrong answer would be worse */
function test(owner: string, fields: readonly string[], word: string): Test {
  const negated = word.startsWith("-");
  const [, qualifier, value] = /^-?(?:([a-z-]+):)?"?([^"]*)"?$/.exec(word) ?? [];
  if (value === undefined) throw unprocessable(`The emulator does not understand '${word}' in a search.`);
  const positive = qualifier === undefined ? mentions(fields, value) : qualified(owner, qualifier, value.toLowerCase());
  return negated ? (repository) => !positive(repository) : positive;
}

function mentions(fields: readonly string[], text: string): Test {
  const wanted = text.toLowerCase();
  return ({ name, description, topics }) =>
    (fields.includes("name") && name.toLowerCase().includes(wanted)) ||
    (fields.includes("description") && (description ?? "").toLowerCase().includes(wanted)) ||
    (fields.includes("topics") && topics.includes(wanted));
}

function qualified(owner: string, qualifier: string, value: string): Test {
  switch (qualifier) {
    case "org":
    case "user":
      return () => value === owner.toLowerCase();
    case "repo":
      return ({ name }) => value === `${owner}/${name}`.toLowerCase();
    case "topic":
      return ({ topics }) => topics.includes(value);
    case "archived":
      return ({ archived }) => String(archived) === value;
    case "template":
      return ({ settings }) => String(settings.is_template) === value;
    case "is":
    case "visibility":
      return ({ visibility }) => visibility === value;
    case "in":
      // Says where words are looked for, and nothing by itself.
      return () => true;
    case "fork":
      // There are no forks.
      return () => value !== "only";
    default:
      throw unprocessable(`The emulator does not understand the qualifier '${qualifier}:' in a search.`);
  }
}
