import type { Entry } from "../document/document.js";
import { type Phrase, phrase } from "../phrase.js";
import { isBlocking, type RuleFinding } from "./judge.js";

/** The entries of a review for the findings of rules on one stack. */
export function ruleEntries(findings: readonly RuleFinding[]): Entry[] {
  return findings.map((finding) => {
    const { rule, stack, tenant, message, reason, fix, waiver } = finding;
    const accepted = waiver && phrase`accepted until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}`;
    return {
      section: "rules",
      effect: isBlocking(finding) ? "refused" : waiver === undefined ? "advised" : "accepted",
      sentence: phrase`${placeText(finding)}: ${message} (rule ${rule})`,
      targets: [{ stack, tenant }],
      details: [phrase`${[`${reason}. To repair it, ${fix}`]}`, ...(accepted === undefined ? [] : [accepted])],
      fields: [],
    } satisfies Entry;
  });
}

function placeText({ place, resource }: RuleFinding): Phrase {
  if (place === undefined) return phrase`${resource}`;
  const file = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return place.path === "" ? phrase`${file}` : phrase`${file}: ${place.path}`;
}

/**
 * The findings that a review shows: what blocks it, and of the rest what the change brings.
 * @param before findings on the plan before the change
 */
export function shownFindings(after: readonly RuleFinding[], before: readonly RuleFinding[]): RuleFinding[] {
  const known = new Set(before.map(keyOf));
  return after.filter((finding) => isBlocking(finding) || !known.has(keyOf(finding)));
}

/** A violation that another waiver accepts than before is another finding: the waiver is a part of the change. */
function keyOf({ rule, stack, resource, message, waiver }: RuleFinding): string {
  return JSON.stringify([rule, stack, resource, message, waiver]);
}
