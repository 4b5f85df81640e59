import assert from "node:assert/strict";
import fc from "fast-check";
import { directDependencies } from "../../../bench/peer/dependencies.js";

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
