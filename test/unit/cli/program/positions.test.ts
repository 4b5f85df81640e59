import assert from "node:assert/strict";
import { SourceMap } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import fc from "fast-check";
import { checkout } from "../../../../cli/checkout.js";

type Map = ConstructorParameters<typeof SourceMap>[0];
type Found = { readonly source: string; readonly line: number; readonly column: number } | undefined;

/** The module has no types: Node runs it without TypeScript. */
interface PositionsModule {
  encodePositions(map: Pick<Map, "sources" | "mappings">): Buffer;
  readonly Positions: new (bytes: Buffer) => { find(line: number, column: number): Found };
}

describe("the positions of the bundle", () => {
  let lines: readonly string[];
  let map: Map;
  let module: PositionsModule;

  const positionsOf = (of: Pick<Map, "sources" | "mappings">) => new module.Positions(module.encodePositions(of));

  before(async () => {
    module = (await import(pathToFileURL(join(checkout, "cli/program/positions.mjs")).href)) as PositionsModule;
    const { outputFiles } = await build({
      entryPoints: [join(checkout, "config", "load.ts")],
      outdir: checkout,
      bundle: true,
      packages: "external",
      platform: "node",
      sourcemap: "external",
      write: false,
    });
    const [json, code] = outputFiles;
    map = JSON.parse(json?.text ?? "");
    lines = (code?.text ?? "").split("\n");
  });

  it("are those that Node finds in the source map", () => {
    const positions = positionsOf(map);
    const sourceMap = new SourceMap(map);
    const place = fc.nat(lines.length - 1).chain((line) => {
      return fc.tuple(fc.constant(line + 1), fc.integer({ min: 1, max: (lines[line] ?? "").length + 1 }));
    });
    fc.assert(
      fc.property(place, ([line, column]) => {
        const expected = sourceMap.findEntry(line - 1, column - 1);
        // Node looks for a position on the lines before, too.
        if (!("originalSource" in expected) || expected.generatedLine !== line - 1) {
          assert.equal(positions.find(line, column), undefined);
          return;
        }
        assert.deepEqual(positions.find(line, column), {
          source: expected.originalSource,
          line: expected.originalLine + 1,
          column: expected.originalColumn + 1,
        });
      }),
      { numRuns: 5000 },
    );
  });

  it("are none beyond the end", () => {
    assert.equal(positionsOf({ sources: [], mappings: "" }).find(1, 1), undefined);
    assert.equal(positionsOf(map).find(lines.length + 10, 1), undefined);
  });
});
