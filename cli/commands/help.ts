import type { Command } from "commander";
import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";

/** Adds `help`, which takes the words of a command of any depth: `fleet help sandbox env`. */
export function addHelpCommand(program: Command): void {
  program.helpCommand(false);
  program
    .command("help")
    .description("show the help of a command")
    .argument("[command...]", "words of the command: sandbox env")
    .action((words: readonly string[]) => {
      let shown = program;
      for (const word of words) {
        const next = shown.commands.find((command) => command.name() === word);
        shown = next ?? refuse(shown, word);
      }
      shown.outputHelp();
    });
}

function refuse(command: Command, word: string): never {
  const names = command.commands.map((each) => each.name());
  const remedy = didYouMean(nearMatches(word, names), "");
  return command.error(`error: unknown command '${word}'. ${remedy}`.trimEnd());
}
