import type { Completion } from "./completions.js";

/** Shells that have a script. */
export const shells = ["bash", "zsh", "fish"] as const;
/** One of {@link shells}. */
export type Shell = (typeof shells)[number];

/** The script that has a shell complete the words of `fleet`. It is static: no completion starts a program. */
export function completionScript(shell: Shell, completions: readonly Completion[]): string {
  if (shell === "fish") return fishScript(completions);
  const loader = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return `${loader}${bashScript(completions)}`;
}

// `path` and `words` are special variables of zsh, which runs this script as well.
function bashScript(completions: readonly Completion[]): string {
  const ofCommands = completions.filter(({ option, command }) => option === undefined && command !== "");
  const entries = completions.map(({ command, option, words }) => {
    return { key: option === undefined ? command : `${command} ${option}`, isOption: option !== undefined, words };
  });
  const cases = (isOption: boolean) =>
    entries
      .filter((one) => one.isOption === isOption)
      .map(({ key, words }) => `${quoted(key)}) found=${quoted(words.join(" "))} ;;`);
  return `_fleet() {
  local command="" found="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${command:+$command }\${COMP_WORDS[index]}" in
      ${ofCommands.map(({ command }) => quoted(command)).join("|")})
        command="\${command:+$command }\${COMP_WORDS[index]}" ;;
    esac
  done
  case "$command" in
    ${cases(false).join("\n    ")}
  esac
  case "$command \${COMP_WORDS[COMP_CWORD - 1]}" in
    ${cases(true).join("\n    ")}
  esac
  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _fleet fleet
`;
}

function fishScript(completions: readonly Completion[]): string {
  const commands = completions.flatMap(({ option, command }) =>
    option === undefined && command !== "" ? [command] : [],
  );
  const lines = completions.map(({ command, option = "", words }) => {
    const condition = `__fleet_at ${fishQuoted(command)} ${fishQuoted(option)}`;
    return `complete -c fleet -n ${fishQuoted(condition)} -a ${fishQuoted(words.join(" "))}`;
  });
  return `function __fleet_at
    set -l commands ${commands.map(fishQuoted).join(" ")}
    set -l found ""
    set -l last ""
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$found $word")
        contains -- "$next" $commands; and set found "$next"
        set last "$word"
    end
    string match -q -- "--*" "$last"; or set last ""
    test "$found" = "$argv[1]"; and begin
        test -z "$argv[2]"; or test "$last" = "$argv[2]"
    end
end
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
