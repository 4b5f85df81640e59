import { Option } from "commander";

/** Forms of a command's output that every command which prints data has. */
export const dataForms = ["table", "json", "yaml", "markdown"] as const;
/** One of {@link dataForms}. */
export type DataForm = (typeof dataForms)[number];

/**
 * `--output`.
 * @param forms further forms of one command, such as `junit`
 */
export function outputOption(...forms: readonly string[]): Option {
  return new Option("--output <form>", "form of the output").choices([...dataForms, ...forms]).default("table");
}
