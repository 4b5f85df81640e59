import { type Cut, type Entry, type ReviewDocument, type SectionName, sectionNames } from "./document.js";

/** The most characters of a printed document. GitHub accepts 65,536 in a comment. */
export const maxCharacters = 65_000;

/** One thing to leave out: an entry, or only what is folded away in it. */
interface Step {
  readonly entry: Entry;
  readonly whole: boolean;
}

/**
 * Sections whose details and entries are left out one after the other, the least important first. Details of privileges hold
 * all rights of a new tenant or stack, and those of the program its changed files: no number of objects may hide them.
 */
const order: readonly { readonly sections: readonly SectionName[]; readonly whole: boolean }[] = [
  { sections: ["platform"], whole: false },
  { sections: ["tenants"], whole: false },
  { sections: ["platform"], whole: true },
  { sections: ["tenants"], whole: true },
  { sections: ["privileges", "warnings", "losses", "program", "rules"], whole: false },
  { sections: ["privileges"], whole: true },
  { sections: ["warnings"], whole: true },
  { sections: ["losses"], whole: true },
  { sections: ["program"], whole: true },
  { sections: ["rules"], whole: true },
];

/**
 * Prints a document in at most `limit` characters. The least important parts are left out first, and the document says
 * what was left out.
 */
export function printWithin(
  document: ReviewDocument,
  print: (document: ReviewDocument) => string,
  limit: number,
): string {
  const steps = stepsOf(document.entries);
  const printed = (count: number) => print(without(document, steps.slice(0, count)));
  let [tooFew, enough] = [-1, steps.length];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (printed(middle).length <= limit) enough = middle;
    else tooFew = middle;
  }
  return printed(enough);
}

/** All steps. The last entry of a section, which is the least important, is left out first. */
function stepsOf(entries: readonly Entry[]): Step[] {
  const lastFirst = [...entries].reverse();
  return order.flatMap(({ sections, whole }) =>
    sections.flatMap((section) =>
      lastFirst
        .filter((entry) => entry.section === section && (whole || isFolded(entry)))
        .map((entry) => ({ entry, whole })),
    ),
  );
}

function isFolded({ details, fields }: Entry): boolean {
  return details.length + fields.length > 0;
}

function without(document: ReviewDocument, steps: readonly Step[]): ReviewDocument {
  const removed = new Set(steps.filter(({ whole }) => whole).map(({ entry }) => entry));
  const folded = new Set(steps.filter(({ whole }) => !whole).map(({ entry }) => entry));
  const kept = document.entries.filter((entry) => !removed.has(entry));
  const cuts = sectionNames.map((section): Cut => {
    const ofSection = (entry: Entry) => entry.section === section;
    return {
      section,
      entries: [...removed].filter(ofSection).length,
      folded: [...folded].filter((entry) => ofSection(entry) && !removed.has(entry)).length,
    };
  });
  return {
    ...document,
    entries: kept.map((entry) => (folded.has(entry) ? { ...entry, details: [], fields: [] } : entry)),
    cuts: cuts.filter(({ entries, folded: without }) => entries + without > 0),
  };
}
