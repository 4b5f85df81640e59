/**
 * Control and format characters but line breaks and tabs, and others that are not seen or look like a space. Some of them
 * change the order in which a text is read.
 */
const invisible = /(?![\n\t ])[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** A text with escapes in the place of characters that are not seen. Line breaks are those of Unix. */
export function plainCharacters(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(invisible, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same on one line. */
export function onOneLine(text: string): string {
  return plainCharacters(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
