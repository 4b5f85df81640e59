import { fleetError } from "../../lib/diagnostics/problem.js";
import { isSameText, type MarkerName, markedState, markedText } from "../../review/comment/marker.js";
import { LostAnswer } from "./refusal.js";

/** A text on GitHub: a comment or an issue. */
export interface GitHubText {
  /** A later text has a greater one. */
  readonly id: number;
  /** Login of the account that wrote it. Undefined for an account that is gone. */
  readonly author: string | undefined;
  readonly body: string;
  /** URL of its page. */
  readonly url: string;
}

/** A place on GitHub with texts of several accounts, such as a pull request with its comments. */
export interface TextPlace {
  /** The texts of all accounts, in any order. */
  list(): Promise<readonly GitHubText[]>;
  /** One text anew. Undefined when it is gone. */
  read(id: number): Promise<GitHubText | undefined>;
  /** Sends one request, which is never repeated. @throws LostAnswer when GitHub may have written the text */
  create(body: string): Promise<GitHubText>;
  /** False when the text is gone. */
  update(id: number, body: string): Promise<boolean>;
  /** Takes a text away, unless it is gone. */
  remove(id: number): Promise<void>;
  /** Remedy for a text that another hand edited: `Delete the comment`. */
  readonly discard: string;
}

/** The text of a marker and an account. */
export interface TextOwner {
  readonly marker: MarkerName;
  /** Login of the account that writes. Texts of others are never touched, whatever they carry. */
  readonly account: string;
}

/** The result: the page of the text, and whether it had to be written. */
export interface KeepResult {
  readonly outcome: "created" | "updated" | "unchanged";
  readonly url: string;
}

/** How often the text may disappear while it is written. */
const mostAttempts = 3;

/**
 * Writes a text once: edits the one that an earlier run wrote, or creates it. Of several, which runs at the same time
 * may have created, the oldest stays and the others are removed. Each run lists the texts after it created one, so all
 * agree on the oldest. Of runs with different texts, the last one to write wins.
 * @param text without the marker
 * @throws FleetError if another hand edited the text. GitHub has no write that depends on what was read, so an edit
 *   between the last look and the write is lost
 */
export async function keepText(place: TextPlace, owner: TextOwner, text: string): Promise<KeepResult> {
  const body = markedText(owner.marker, text);
  let created: GitHubText | undefined;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    let own = await ownTexts(place, owner);
    if (own.length === 0) {
      created = await createOnce(place, owner, body);
      own = oldestFirst([...(await ownTexts(place, owner)), created]);
    }
    const [oldest, ...further] = own;
    for (const { id } of further) await place.remove(id);
    if (oldest === undefined) continue;
    const { id, url } = oldest;
    if (isSameText(oldest.body, body)) return { outcome: id === created?.id ? "created" : "unchanged", url };
    const current = await place.read(id);
    if (current === undefined) continue;
    refuseEdited(place, owner, [current]);
    if (await place.update(id, body)) return { outcome: "updated", url };
  }
  throw fleetError("GitHub", "", "the text disappeared while it was written", "Run the command again");
}

/**
 * The texts of an owner, the oldest first.
 * @throws FleetError if another hand edited one
 */
export async function ownTexts(place: TextPlace, owner: TextOwner): Promise<readonly GitHubText[]> {
  const own = await markedTexts(place, owner);
  refuseEdited(place, owner, own);
  return own;
}

/** The texts of an owner, the oldest first, edited ones among them. */
export async function markedTexts(
  place: Pick<TextPlace, "list">,
  { marker, account }: TextOwner,
): Promise<readonly GitHubText[]> {
  const texts = await place.list();
  return oldestFirst(
    texts.filter(
      ({ author, body }) => author?.toLowerCase() === account.toLowerCase() && markedState(marker, body) !== "unmarked",
    ),
  );
}

/** Each text once, the oldest first. One of GitHub's copies may not list a text that was just written. */
function oldestFirst(texts: readonly GitHubText[]): readonly GitHubText[] {
  return [...new Map(texts.map((text) => [text.id, text])).values()].sort((a, b) => a.id - b.id);
}

/** Creates the text. GitHub may have done so although its answer was lost: then it is listed. */
async function createOnce(place: TextPlace, owner: TextOwner, body: string): Promise<GitHubText> {
  try {
    return await place.create(body);
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error;
    const found = (await ownTexts(place, owner)).find((text) => isSameText(text.body, body));
    if (found === undefined) throw error;
    return found;
  }
}

function refuseEdited({ discard }: TextPlace, { marker }: TextOwner, texts: readonly GitHubText[]): void {
  const edited = texts.find(({ body }) => markedState(marker, body) === "edited");
  if (edited === undefined) return;
  const message = "was edited after this command wrote it, and is left as it is";
  throw fleetError(edited.url, "", message, `${discard}: the next run writes a new one`);
}
