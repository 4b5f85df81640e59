import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Emulator } from "../../context.js";
import { isTopic } from "../../state/names.js";
import { type RepositoryParams, readable, writable } from "../access.js";
import { bodyOf } from "../body.js";
import { ApiError } from "../errors.js";

/** The topics of a repository. */
export function topicRoutes(app: FastifyInstance, emulator: Emulator): void {
  app.get<{ Params: RepositoryParams }>("/repos/:owner/:repo/topics", async (request) => ({
    names: readable(emulator, request).topics,
  }));

  app.put<{ Params: RepositoryParams }>("/repos/:owner/:repo/topics", async (request) => {
    const repository = writable(emulator, request);
    const names = [...new Set(bodyOf(request, "Repository", z.object({ names: z.array(z.string()) })).names)];
    const topics = names.map((name) => name.toLowerCase());
    const errors = topics
      .filter((topic) => !isTopic(topic))
      .map(
        (topic) =>
          `Topic '${topic}' must start with a letter or number, consist of 50 characters or less, and can include hyphens.`,
      );
    if (topics.length > 20) errors.push("A repository cannot have more than 20 topics.");
    if (errors.length > 0) throw new ApiError(422, { message: "Validation Failed", errors });
    repository.topics = topics.toSorted();
    repository.updatedAt = emulator.catalogue.now();
    return { names: repository.topics };
  });
}
