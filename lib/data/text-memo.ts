import { deepFreeze } from "./freeze.js";

/** Characters of texts whose results are kept. A composed YAML text takes up to 230 bytes for each: 115 MiB at most. */
const defaultMost = 512 * 1024;

/**
 * Results of a pure function of texts, so that the same texts are not read again. A changed text is another one: neither a
 * name nor a time decides.
 *
 * The results are shared, so their plain data is frozen at every depth. When the texts have too many characters together,
 * the oldest go. A text that has too many alone is not kept.
 */
export class TextMemo<Result extends object> {
  readonly #results = new Map<string, Result>();
  readonly #most: number;
  #characters = 0;

  /** @param most characters of all texts that are kept */
  constructor(most = defaultMost) {
    this.#most = most;
  }

  /**
   * The result for texts.
   * @param texts all that the result depends on. None but the last may have a NUL character
   * @param read returns the result. If it throws, nothing is kept
   */
  get(texts: readonly string[], read: () => Result): Result {
    const key = texts.join("\0");
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const result = read();
    deepFreeze(result);
    if (key.length > this.#most) return result;
    this.#results.set(key, result);
    this.#characters += key.length;
    for (const oldest of this.#results.keys()) {
      if (this.#characters <= this.#most) break;
      this.#results.delete(oldest);
      this.#characters -= oldest.length;
    }
    return result;
  }
}
