import assert from "node:assert/strict";
import { z } from "zod";
import type { Emulator } from "./emulator.js";

const repository = z.looseObject({
  id: z.number(),
  name: z.string(),
  archived: z.boolean(),
  topics: z.array(z.string()),
});
/** A repository as the API shows it, with all its fields. */
export type RepositoryView = z.infer<typeof repository>;

const deployKey = z.object({ id: z.number(), title: z.string(), key: z.string(), read_only: z.boolean() });
/** A repository's deploy key. */
export type DeployKeyView = z.infer<typeof deployKey>;

/** Every repository of the organisation, by name. */
export async function repositories(github: Emulator): Promise<Map<string, RepositoryView>> {
  const { status, body } = await github.api("GET", "orgs/:owner/repos?per_page=100");
  assert.equal(status, 200);
  return new Map(
    z
      .array(repository)
      .parse(body)
      .map((view) => [view.name, view]),
  );
}

/** One repository in full. @throws when there is none */
export async function repositoryNamed(github: Emulator, name: string): Promise<RepositoryView> {
  const { status, body } = await github.api("GET", `repos/:owner/${name}`);
  assert.equal(status, 200, `the repository ${name}: ${JSON.stringify(body)}`);
  return repository.parse(body);
}

/** The deploy keys of a repository, by title. */
export async function deployKeys(github: Emulator, name: string): Promise<DeployKeyView[]> {
  const { status, body } = await github.api("GET", `repos/:owner/${name}/keys`);
  assert.equal(status, 200, `the keys of ${name}: ${JSON.stringify(body)}`);
  return z
    .array(deployKey)
    .parse(body)
    .sort((a, b) => a.title.localeCompare(b.title) || a.id - b.id);
}

/** The titles of a repository's deploy keys, sorted. */
export async function keyTitles(github: Emulator, name: string): Promise<string[]> {
  return (await deployKeys(github, name)).map(({ title }) => title);
}
