import type { Command } from "commander";

/** The words that can follow a command, or one of its options, on a command line. */
export interface Completion {
  /** Words of the command: `tenant new`. Empty for the program itself. */
  readonly command: string;
  /** Option before the cursor, whose values the words are. @default - the words are commands, options and arguments */
  readonly option?: string;
  readonly words: readonly string[];
}

/** The completions of a program, and of all commands below it. @param words of the command. @default - the program */
export function completionsOf(program: Command, words: readonly string[] = []): readonly Completion[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  const options = help
    .visibleOptions(program)
    .flatMap(({ long, argChoices = [] }) => (long ? [{ long, argChoices }] : []));
  const values = program.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const command = words.join(" ");
  const own = [...commands.map((one) => one.name()), ...values, ...options.map(({ long }) => long)];
  const ofOptions = options.filter(({ argChoices }) => argChoices.length > 0);
  return [
    { command, words: own },
    ...ofOptions.map(({ long, argChoices }) => ({ command, option: long, words: argChoices })),
    ...commands.flatMap((one) => completionsOf(one, [...words, one.name()])),
  ];
}
