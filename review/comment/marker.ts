import { createHash } from "node:crypto";

/** The most characters of a marked text. GitHub accepts 65,536 in a comment, and as many in an issue. */
export const maxMarkedCharacters = 65_000;

/** The state of a text on GitHub: without the marker, as this program wrote it, or edited since. */
export type MarkedState = "unmarked" | "intact" | "edited";

/**
 * Names the one text that this program keeps in a place: `diff`, `drift/staging`. Another name is another text. It has
 * letters, digits, `.`, `_`, `/` and single hyphens, so that no name can end the marker.
 */
export type MarkerName = string;

/** The name of a stack as a part of a marker's name: a marker has no two hyphens after each other, and a stack no period. */
export function markerPart(stack: string): string {
  return stack.replaceAll(/-(?=-)/g, "-.");
}

/** Marker of the review of a pull request. Every command that writes one writes the same comment. */
export const REVIEW_MARKER: MarkerName = "diff";

/**
 * A text with a marker before it, which GitHub does not show. The marker has a digest of the text, so that an edit by
 * another hand is noticed: GitHub's REST API does not tell who edited a text.
 * @throws RangeError for a text that is too long, or a name that is not allowed
 */
export function markedText(name: MarkerName, text: string): string {
  if (!/^[A-Za-z0-9._/]+(?:-[A-Za-z0-9._/]+)*$/.test(name)) throw new RangeError(`${name} is no name of a marker`);
  const content = normalized(text);
  const marked = `${start(name)}${digestOf(content)} -->\n${content}`;
  if (marked.length <= maxMarkedCharacters) return marked;
  throw new RangeError(`a text of ${marked.length} characters is longer than ${maxMarkedCharacters}`);
}

/** The most characters of a text that {@link markedText} accepts under a name. */
export function roomFor(name: MarkerName): number {
  return maxMarkedCharacters - markedText(name, "").length;
}

/** Whether a text carries the marker of a name at its very beginning, and still has the content of the marker's digest. */
export function markedState(name: MarkerName, body: string): MarkedState {
  const text = normalized(body);
  if (!text.startsWith(start(name))) return "unmarked";
  const [, digest, content = ""] = /^([0-9a-f]{64}) -->(?:\n(.*))?$/s.exec(text.slice(start(name).length)) ?? [];
  return digestOf(content) === digest ? "intact" : "edited";
}

/** Whether GitHub has a text as it is wanted. */
export function isSameText(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

function start(name: MarkerName): string {
  return `<!-- fleet:${name} sha256=`;
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** GitHub's pages write other line ends than its API, and white space at the end shows nowhere. */
function normalized(text: string): string {
  return text.replaceAll(/\r+\n/g, "\n").trimEnd();
}
