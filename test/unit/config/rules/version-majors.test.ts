import assert from "node:assert/strict";
import fc from "fast-check";
import { crossesMajors, majorsOf } from "../../../../config/rules/version-majors.js";

describe("Whether a range crosses a major version", () => {
  /** Each tried with Masterminds v3.5.0, the library that Flux reads ranges by. */
  const crossing: readonly (readonly [range: string, why: string])[] = [
    ["*", "any version"],
    ["x", "any version"],
    ["1.x || 2.x", "two majors by name"],
    ["~1.4 || ~2.0", "two majors by name"],
    [">=1.4.0", "has no end"],
    [">1", "has no end"],
    ["!=1.4.2", "everything else"],
    ["!=1 <3", "0 and 2"],
    ["<2.0.0", "begins with 0"],
    ["<=2", "takes 2.x with it"],
    [">=1.4.0 <=2.0.0", "takes 2.0.0 with it"],
    [">=1.4.0 <2.0.1", "takes 2.0.0 with it"],
    ["1.4 - 2", "takes 2.x with it"],
    ["1.4.0 - 2.0.0", "takes 2.0.0 with it"],
    ["~0.0.0", "every version, to Masterminds"],
    ["~>0.0.0", "every version, to Masterminds"],
    [">=1.4.0-0 <2.0.0", "2.0.0-rc.1, since one pre-release in a group lets in all of them"],
    [">=1.4.0 <2.0.0-rc.2", "2.0.0-rc.1"],
    [">=1.4.0,<3", "a comma is an and"],
    ["=>1.4.0", "another spelling of >="],
  ];
  for (const [range, why] of crossing) {
    it(`it does: ${range} (${why})`, () => {
      assert.equal(crossesMajors(range), true);
    });
  }

  const within: readonly (readonly [range: string, major: number])[] = [
    ["~1.4", 1],
    ["~1", 1],
    ["^1.4.2", 1],
    ["^0", 0],
    ["^0.0.0", 0],
    ["1.x", 1],
    ["v1.4.x", 1],
    ["1.4.2", 1],
    ["=0.0.0", 0],
    ["~0.0.1", 0],
    [">=1.4.0 <2.0.0", 1],
    [">=1.4.0, <2", 1],
    [">=1.4.0-0 <2.0.0-0", 1],
    [">1 <3", 2],
    ["1.4 - 1.9", 1],
    ["~1.4 || ~1.6 || 1.9.1", 1],
    [">=1.4.0 <2.0.0 !=1.5.1", 1],
    ["<1", 0],
    ["<=0", 0],
  ];
  for (const [range, major] of within) {
    it(`it does not: ${range} is all of ${major}`, () => {
      assert.equal(crossesMajors(range), false);
      const [stretch] = majorsOf(range) ?? [];
      assert.deepEqual(stretch, { least: major, most: major });
    });
  }

  for (const range of ["", "latest", "1.4.2.1", ">=1.4<2", "1.4 and 2", "~1.4 ||", "==1", "99999999999999999999"]) {
    it(`no answer for an invalid range: ${JSON.stringify(range)}`, () => {
      assert.equal(crossesMajors(range), undefined);
    });
  }

  it("no version that satisfies a range is of a major that was not named", () => {
    fc.assert(
      fc.property(ranges, fc.array(versions, { minLength: 20, maxLength: 60 }), (range, candidates) => {
        const majors = majorsOf(range.text);
        assert.ok(majors !== undefined, range.text);
        for (const version of candidates.filter(range.holds)) {
          const [major] = version;
          assert.ok(
            majors.some(({ least, most }) => least <= major && major <= most),
            `${version.join(".")} satisfies ${range.text}`,
          );
        }
      }),
    );
  });

  it("a range that was found to stay within one major has no two versions of different ones", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const majors = new Set(grid.filter(range.holds).map(([major]) => major));
        if (majors.size > 1) assert.equal(crossesMajors(range.text), true);
      }),
      { numRuns: 1000 },
    );
  });

  it("a range within one major version stays so in every spelling", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const spelt = range.text
          .replaceAll(/(?<=[\d*x]) (?=[^|])/g, ", ")
          .replaceAll(">=", "=> ")
          .replaceAll(/(?<![.\d])(\d)/g, "v$1");
        assert.deepEqual(majorsOf(spelt), majorsOf(range.text));
      }),
    );
  });

  it("another alternative never makes a range narrower", () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        fc.pre(crossesMajors(a.text) === true);
        assert.equal(crossesMajors(`${a.text} || ${b.text}`), true);
      }),
    );
  });
});

type Version = readonly [major: number, minor: number, patch: number];

/** A range with what it means, said by comparing numbers and by nothing else. */
interface Range {
  readonly text: string;
  readonly holds: (version: Version) => boolean;
}

/** Every version that {@link versions} can be. */
const grid: readonly Version[] = [0, 1, 2, 3, 4].flatMap((major) =>
  [0, 1, 2].flatMap((minor) => [0, 1, 2].map((patch): Version => [major, minor, patch])),
);

const versions: fc.Arbitrary<Version> = fc.tuple(fc.nat(4), fc.nat(2), fc.nat(2));

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

const comparisons: fc.Arbitrary<Range> = versions.chain((bound) => {
  const [major, minor] = bound;
  const text = bound.join(".");
  const isZero = compare(bound, [0, 0, 0]) === 0;
  return fc.constantFrom<Range>(
    { text, holds: (version) => compare(version, bound) === 0 },
    { text: `!=${text}`, holds: (version) => compare(version, bound) !== 0 },
    { text: `>${text}`, holds: (version) => compare(version, bound) > 0 },
    { text: `>=${text}`, holds: (version) => compare(version, bound) >= 0 },
    { text: `<${text}`, holds: (version) => compare(version, bound) < 0 },
    { text: `<=${text}`, holds: (version) => compare(version, bound) <= 0 },
    { text: `<=${major}.x`, holds: (version) => version[0] <= major },
    { text: `>${major}`, holds: (version) => version[0] > major },
    { text: `>${major}.${minor}`, holds: (version) => compare(version, [major, minor, Number.POSITIVE_INFINITY]) > 0 },
    { text: `${major}.x`, holds: (version) => version[0] === major },
    { text: `${major}.${minor}.*`, holds: (version) => version[0] === major && version[1] === minor },
    { text: `~${major}`, holds: (version) => version[0] === major },
    {
      text: `~${text}`,
      holds: (version) => isZero || (version[0] === major && version[1] === minor && compare(version, bound) >= 0),
    },
    { text: `^${major + 1}.${minor}`, holds: (version) => version[0] === major + 1 && version[1] >= minor },
    { text: "*", holds: () => true },
  );
});

const groups: fc.Arbitrary<Range> = fc.array(comparisons, { minLength: 1, maxLength: 3 }).map((all) => ({
  text: all.map(({ text }) => text).join(" "),
  holds: (version) => all.every(({ holds }) => holds(version)),
}));

const ranges: fc.Arbitrary<Range> = fc.array(groups, { minLength: 1, maxLength: 3 }).map((all) => ({
  text: all.map(({ text }) => text).join(" || "),
  holds: (version) => all.some(({ holds }) => holds(version)),
}));
