/** Words that a shell leaves as they are. */
const plainWord = /^[\w@%+=:,./-]+$/;

/**
 * One word of a shell's command. Names of objects and contexts are chosen by others, so none may end the word: names of roles and
 * bindings may have any characters but `/` and `%`.
 */
export function shellWord(text: string): string {
  return plainWord.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
