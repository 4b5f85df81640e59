import {
  Composer,
  type CST,
  type Document,
  type DocumentOptions,
  Lexer,
  type LineCounter,
  type ParseOptions,
  Parser,
  type SchemaOptions,
} from "yaml";

/** The options of {@link readDocuments}: those of the library, and a limit. */
export type ReadDocumentsOptions = ParseOptions &
  DocumentOptions &
  SchemaOptions & {
    /** Gets the lines of the text. */
    readonly lineCounter: LineCounter;
    /** Levels of nesting that the text may have. */
    readonly maxDepth: number;
  };

/**
 * The documents of a YAML text, as the library's `parseAllDocuments` returns them. Undefined for a text that nests too deep.
 *
 * The nesting is known before anything recursive looks at it: composing deep YAML ends the process, not just the call.
 */
export function readDocuments(
  text: string,
  { maxDepth, ...options }: ReadDocumentsOptions,
): readonly Document.Parsed[] | undefined {
  const { addNewLine } = options.lineCounter;
  addNewLine(0);
  const parser = new Parser(addNewLine);
  const composer = new Composer({ ...options, prettyErrors: false });
  const documents: Document.Parsed[] = [];
  const compose = (tokens: Iterable<CST.Token>) => {
    for (const token of tokens) documents.push(...composer.next(token));
  };
  for (const lexeme of new Lexer().lex(text)) {
    // A document comes when it is complete. By then, each of its lexemes has passed the next line.
    compose(parser.next(lexeme));
    if (parser.stack.length > maxDepth) return undefined;
  }
  compose(parser.end());
  documents.push(...composer.end());
  return documents;
}
