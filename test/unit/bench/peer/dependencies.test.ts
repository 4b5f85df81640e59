import assert from "node:assert/strict";
import fc from "fast-check";
import { allDependencies, directDependencies } from "../../../bench/peer/dependencies.js";

const direct = (graph: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(directDependencies(Object.entries(graph).map(([urn, dependencies]) => ({ urn, dependencies }))));

describe("direct dependencies", () => {
  it("name nothing that is no resource of OpenTofu, and nothing twice", () => {
    assert.deepEqual(direct({ a: [], b: ["component", "a", "a"] }), { a: [], b: ["a"] });
    assert.deepEqual([...directDependencies([{ urn: "a" }])], [["a", []]]);
  });

  it("leave out those that follow from others, also over several steps", () => {
    assert.deepEqual(direct({ a: [], b: ["a"], c: ["b", "a"], d: ["a", "c"], e: ["a", "b"] }), {
      a: [],
      b: ["a"],
      c: ["b"],
      d: ["c"],
      e: ["b"],
    });
  });

  it("lead to the same resources as all dependencies together", () => {
    const graphs = fc
      .array(fc.array(fc.nat({ max: 9 }), { maxLength: 5 }), { maxLength: 10 })
      .map((rows) =>
        Object.fromEntries(
          rows.map((row, index) => [`r${index}`, row.filter((to) => to < index).map((to) => `r${to}`)]),
        ),
      );
    fc.assert(
      fc.property(graphs, (graph) => {
        const reduced = direct(graph);
        for (const urn of Object.keys(graph)) assert.deepEqual(reachable(reduced, urn), reachable(graph, urn));
      }),
    );
  });
});

describe("all dependencies", () => {
  it("are those of the components around a resource as well", () => {
    const resources = [
      { urn: "stack" },
      { urn: "template" },
      { urn: "tenant", parent: "stack", dependencies: ["platform"] },
      { urn: "repository", parent: "tenant", dependencies: ["template"] },
      { urn: "github", parent: "repository", dependencies: ["key"] },
      { urn: "lost", parent: "gone", dependencies: ["key"] },
    ];
    assert.deepEqual(Object.fromEntries(allDependencies(resources)), {
      stack: [],
      template: [],
      tenant: ["platform"],
      repository: ["template", "platform"],
      github: ["key", "template", "platform"],
      lost: ["key"],
    });
  });
});

function reachable(graph: Readonly<Record<string, readonly string[]>>, from: string): Set<string> {
  const found = new Set<string>();
  const visit = (urn: string) => {
    for (const next of [...(graph[urn] ?? [])].sort()) {
      if (!found.has(next)) visit(next);
      found.add(next);
    }
  };
  visit(from);
  return new Set([...found].sort());
}
