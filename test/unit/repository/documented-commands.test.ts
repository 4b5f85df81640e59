import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, CommanderError } from "commander";
import { fleetProgram } from "../../../cli/fleet.js";
import { nearMatches } from "../../../lib/diagnostics/near-match.js";
import { root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

const pages = ourFiles().filter((file) => /^(?:docs\/.*|README|CONTRIBUTING)\.md$/.test(file));
/** Names that stand for any command. */
const placeholders = ["NAME", "VERSION", "…"];

/** A command line of a page, without `npx fleet`. */
interface DocumentedCommand {
  readonly place: string;
  readonly words: readonly string[];
  /** Whether it is an example to run. Others stand in a sentence, and may leave arguments out. */
  readonly isExample: boolean;
}

describe("the commands of the documents", () => {
  it("exist, and their options and arguments parse", async () => {
    const commands = pages.flatMap((page) => commandsOf(page, readFileSync(join(root, page), "utf8")));
    assert.ok(commands.filter(({ isExample }) => isExample).length >= 120, "the examples were not found");
    const faults: string[] = [];
    for (const command of commands) {
      const fault = command.isExample ? await faultOf(command.words) : faultOfMention(command.words);
      if (fault !== undefined) faults.push(`${command.place}: npx fleet ${command.words.join(" ")}: ${fault}`);
    }
    assert.deepEqual(faults, []);
  });

  it("are found in examples and sentences, and each fault is one", async () => {
    const text = [
      "Use `npx fleet tenant suspend`, or `npx fleet status STACK`.",
      "```console",
      '$ npx fleet tenant freeze a --stack b --reason "Two words" # why',
      "Created npx fleet nothing",
      "```",
      "```sh",
      "npx fleet verify staging > file",
      "npx fleet lock \\",
      "  --verify v2.9.2",
      "npx fleet up: is refused",
      "```",
    ].join("\n");
    assert.deepEqual(
      commandsOf("a.md", text).map(({ place, words }) => [place, ...words]),
      [
        ["a.md:1", "tenant", "suspend"],
        ["a.md:1", "status", "STACK"],
        ["a.md:3", "tenant", "freeze", "a", "--stack", "b", "--reason", "Two words"],
        ["a.md:7", "verify", "staging"],
        ["a.md:8", "lock", "--verify", "v2.9.2"],
      ],
    );
    for (const [words, fault] of [
      [["tenant", "frieze", "a"], /unknown command 'frieze'/],
      [["tenant", "freeze", "a", "--stack", "b", "--until", "2027-01-31"], /required option '--reason <text>'/],
      [["tenant", "freeze", "a", "--stack", "b", "--reason", "c", "--until", "soon"], /day of the calendar/],
      [["verify", "staging", "--max-age", "1d"], /unknown option '--max-age'/],
      [["verify"], /missing required argument 'stack'/],
      [["guide", "a", "b", "c"], /too many arguments/],
    ] as const) {
      assert.match((await faultOf(words)) ?? "", fault);
    }
    for (const [words, fault] of [
      [["tenants"], /no command tenants/],
      [["tenant", "frieze"], /no command frieze/],
      [["status", "--tenants"], /no option --tenants/],
      [["lock", "chart"], /no command chart/],
      [["workflow", "NAME", "--now"], /no option --now/],
    ] as const) {
      assert.match(faultOfMention(words) ?? "", fault);
    }
    for (const words of [
      ["tenant", "suspend"],
      ["workflow", "NAME"],
      ["lock", "v2.9.2"],
      ["lock", "charts"],
    ]) {
      assert.equal(faultOfMention(words), undefined);
    }
  });
});

/** The command lines in code blocks, those behind a prompt where a block has one, and those in code of sentences. */
function commandsOf(page: string, text: string): DocumentedCommand[] {
  let isCode = false;
  const lines = text.split("\n");
  return lines.flatMap((line, index): DocumentedCommand[] => {
    const place = `${page}:${index + 1}`;
    if (/^\s*```/.test(line)) {
      isCode = !isCode;
      return [];
    }
    if (!isCode) {
      const found = [...line.matchAll(/`npx fleet ([^`]+)`/g)];
      return found.map(([, words = ""]) => ({ place, words: wordsOf(words), isExample: false }));
    }
    // A message about a command begins with its name and a colon.
    const [, start] = /^\s*(?:\$ )?npx fleet (?!\S+: )(.*)$/.exec(line) ?? [];
    if (start === undefined) return [];
    const further = lines.slice(index + 1);
    const whole = further.reduce(
      (all, next) => (all.endsWith("\\") ? `${all.slice(0, -1).trim()} ${next.trim()}` : all),
      start,
    );
    return [{ place, words: wordsOf(whole), isExample: true }];
  });
}

/** The words of a command line, as a shell reads them, up to a comment, a pipe, a redirection or a column of text. */
function wordsOf(line: string): string[] {
  const [command = ""] = line.split(/ (?:#|\||>|&&|;) ?| {3,}/);
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
}

/** The commands, of which none does anything. */
function idleProgram(): Command {
  const ignore = () => undefined;
  const program = fleetProgram({ out: ignore, err: ignore }, root);
  const idle = (command: Command): void => {
    if (command.commands.length === 0 || command.registeredArguments.length > 0) command.action(ignore);
    command.commands.forEach(idle);
  };
  idle(program);
  return program;
}

async function faultOf(words: readonly string[]): Promise<string | undefined> {
  try {
    await idleProgram().parseAsync(words, { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? undefined : error.message;
  }
}

/** The fault of a command in a sentence: a name or an option that does not exist. */
function faultOfMention(words: readonly string[]): string | undefined {
  let command = idleProgram();
  for (const word of words) {
    if (/^-/.test(word)) {
      const known = ["--help", ...command.options.flatMap(({ long, short }) => [long, short])];
      if (!known.includes(word.split("=")[0])) return `no option ${word}`;
    } else if (command.commands.length > 0) {
      const names = command.commands.map((one) => one.name());
      const next = command.commands.find((one) => one.name() === word);
      // Some commands have arguments beside their own commands.
      const isArgument = command.registeredArguments.length > 0 && nearMatches(word, names).length === 0;
      if (next === undefined && (placeholders.includes(word) || isArgument)) continue;
      if (next === undefined) return `no command ${word}`;
      command = next;
    }
  }
  return undefined;
}
