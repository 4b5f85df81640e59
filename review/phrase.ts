/** A part of a sentence: words of this program, or a value of the files that each printer marks as such. */
export type PhrasePart = string | { readonly code: string };

/** A sentence without its period. */
export type Phrase = readonly PhrasePart[];

/** A template of a sentence. A text in it is a value of the files, and a phrase a part of the sentence. */
export function phrase(words: TemplateStringsArray, ...values: readonly (string | Phrase)[]): Phrase {
  return words.flatMap((text, index) => {
    const value = values[index];
    const part = value === undefined ? [] : typeof value === "string" ? [{ code: value }] : value;
    return [...(text === "" ? [] : [text]), ...part];
  });
}

/** Words of this program as a phrase. */
export function words(text: string): Phrase {
  return [text];
}

/** The most items that a sentence lists. */
const mostItems = 12;

/** A list: `a, b and 3 more`. */
export function listed(items: readonly Phrase[]): Phrase {
  const more = unlisted(items).length;
  return [...joined(items.slice(0, items.length - more)), ...(more === 0 ? [] : [` and ${more} more`])];
}

/** The items that {@link listed} only counts. */
export function unlisted(items: readonly Phrase[]): readonly Phrase[] {
  return items.length > mostItems + 1 ? items.slice(mostItems) : [];
}

/** All items, however many. */
export function joined(items: readonly Phrase[]): Phrase {
  return items.flatMap((item, index) => [...(index === 0 ? [] : [", "]), ...item]);
}

/** A phrase as text, with values in no quotes. */
export function plainText(text: Phrase): string {
  return text.map((part) => (typeof part === "string" ? part : part.code)).join("");
}
