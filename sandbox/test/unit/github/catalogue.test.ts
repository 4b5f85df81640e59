import assert from "node:assert/strict";
import fc from "fast-check";
import { Catalogue } from "../../../github/state/catalogue.js";
import { type RepositoryRecord, stateSchema } from "../../../github/state/records.js";

/** One step of a user of the catalogue; there are few names and keys, so that steps collide. */
const name = fc.constantFrom("a", "A", "b", "B", "c", "..", "bad name");
const key = fc.constantFrom("k1", "k2", "k3");
const step = fc.oneof(
  fc.record({ do: fc.constant("create" as const), name }),
  fc.record({ do: fc.constant("rename" as const), name, to: name }),
  fc.record({ do: fc.constant("delete" as const), name }),
  fc.record({ do: fc.constant("add key" as const), name, key }),
  fc.record({ do: fc.constant("remove key" as const), name, key }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function take(catalogue: Catalogue, action: Step): void {
  if (action.do === "create") {
    catalogue.createRepository(action.name);
    return;
  }
  const repository = catalogue.repository(action.name);
  if (repository === undefined) return;
  if (action.do === "rename") catalogue.renameRepository(repository, action.to);
  else if (action.do === "delete") catalogue.removeRepository(repository);
  else if (action.do === "add key") catalogue.addKey(repository, { title: "t", key: action.key, readOnly: true });
  else repository.keys = repository.keys.filter((candidate) => candidate.key !== action.key);
}

/** Takes a step; what the catalogue refuses must leave everything as it was. */
function attempt(catalogue: Catalogue, action: Step): void {
  const before = JSON.stringify({ ...catalogue.state, nextId: 0 });
  try {
    take(catalogue, action);
  } catch (error) {
    assert.equal((error as { status?: number }).status, 422, String(error));
    assert.equal(JSON.stringify({ ...catalogue.state, nextId: 0 }), before);
  }
}

describe("GitHub emulator: catalogue", () => {
  const now = (): string => "2024-01-01T00:00:00Z";
  const empty = (): Catalogue => new Catalogue(Catalogue.empty("acme", now), now);

  it("keeps names and keys unique and every name resolvable, whatever happens in whatever order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const catalogue = empty();
        for (const action of steps) {
          attempt(catalogue, action);
          const { repositories, formerNames } = catalogue.state;
          const names = repositories.map((repository) => repository.name.toLowerCase());
          assert.equal(new Set(names).size, names.length);
          const keys = repositories.flatMap((repository) => repository.keys.map((record) => record.key));
          assert.equal(new Set(keys).size, keys.length);
          for (const repository of repositories) {
            assert.equal(catalogue.repository(repository.name.toUpperCase()), repository);
            for (const record of repository.keys) assert.equal(catalogue.keyHolder(record.key)?.repository, repository);
          }
          for (const former of Object.keys(formerNames)) {
            assert.equal(catalogue.repository(former), undefined, "a name in use is no former name");
            assert.notEqual(catalogue.formerRepository(former), undefined, "a former name leads somewhere");
          }
          assert.ok(stateSchema.safeParse(catalogue.state).success);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives no id twice, even after what had it is gone", () => {
    const catalogue = empty();
    const seen = new Set<number>();
    for (let round = 0; round < 5; round++) {
      const repository: RepositoryRecord = catalogue.createRepository("again");
      assert.ok(!seen.has(repository.id));
      seen.add(repository.id);
      catalogue.removeRepository(repository);
    }
  });
});
