import { Argument, type Command } from "commander";
import { completionsOf } from "../completion/completions.js";
import { completionScript, type Shell, shells } from "../completion/scripts.js";
import type { Streams } from "../streams.js";

const notes = `
The scripts complete the words of the command "fleet". A function makes one of npx fleet:

  bash, zsh   fleet() { npx fleet "$@"; }
              source <(npx fleet completion bash)
  fish        function fleet; npx fleet $argv; end
              npx fleet completion fish | source
`;

/** Adds `completion`. */
export function addCompletionCommand(program: Command, { out }: Streams): void {
  program
    .command("completion")
    .summary("print a script that completes commands in a shell")
    .description("print a script that has a shell complete commands, options and their values")
    .addArgument(new Argument("<shell>", "shell that reads the script").choices(shells))
    .addHelpText("after", notes)
    .action((shell: Shell) => out(completionScript(shell, completionsOf(program))));
}
