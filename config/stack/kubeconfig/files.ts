import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { checkData, type Path } from "../../../lib/diagnostics/zod-issues.js";
import { parseYamlAnew } from "../../files/yaml-file.js";
import { type Kubeconfig, kubeconfig } from "./schema.js";

/** Kubeconfigs of large companies have hundreds of clusters, each with its certificates. */
const maxBytes = 4 * 1024 * 1024;

/** A kubeconfig that matches the schema. */
export interface KubeconfigFile {
  /** Path as KUBECONFIG gives it. */
  readonly file: string;
  readonly content: Kubeconfig;
  /** Line of a place in the file, counted from 1. */
  readonly lineOf: (place: Path) => number | undefined;
}

/** Remedy of every problem of KUBECONFIG itself. */
export const kubeconfigFix = "Set the environment variable to the kubeconfig of the stack's cluster";

/**
 * Reads the files that KUBECONFIG lists. No problem repeats the variable's value, which may be the content of a
 * kubeconfig, or a line of a file.
 * @param mayBePipe whether a file may be a pipe, as of <(command): its reader gets the content once
 */
export function readKubeconfigs(
  list: string,
  mayBePipe = false,
): { readonly files: KubeconfigFile[]; readonly problems: Problem[] } {
  const problem = (message: string, fix = kubeconfigFix): Problem[] => [
    { file: "environment", path: "KUBECONFIG", message, fix },
  ];
  if (/[\n{]/.test(list)) {
    const fix = "Write the content to a file that only you can read, and set the variable to the path of that file";
    return { files: [], problems: problem("has the content of a kubeconfig, and not its path", fix) };
  }
  const paths = [...new Set(list.split(path.delimiter).filter((file) => file !== ""))];
  if (paths.length === 0) return { files: [], problems: problem("names no file") };
  const read = paths.map((file, index) => {
    const fault = pathFault(file, mayBePipe);
    if (fault === undefined) return readKubeconfig(file);
    const subject = paths.length === 1 ? "" : `(file ${index + 1} of ${paths.length}) `;
    return { problems: problem(`${subject}${fault.message}`, fault.fix) };
  });
  return {
    files: read.flatMap((one) => ("content" in one ? [one] : [])),
    problems: read.flatMap((one) => ("problems" in one ? one.problems : [])),
  };
}

interface Fault {
  readonly message: string;
  readonly fix?: string;
}

/**
 * Why a path leads to no kubeconfig. Kubernetes skips missing files of a list, and then another file decides which
 * cluster it is.
 */
function pathFault(file: string, mayBePipe: boolean): Fault | undefined {
  const stats = attempt(() => statSync(file));
  if ("value" in stats) {
    if (mayBePipe && stats.value.isFIFO()) return undefined;
    if (stats.value.isDirectory()) return { message: "names a directory" };
    // A pipe, as of <(command), would be empty for the provider, which reads it after this check.
    if (!stats.value.isFile()) return { message: "names no regular file" };
    return stats.value.size > maxBytes ? { message: `names a file of more than ${maxBytes} bytes` } : undefined;
  }
  if (file.startsWith("~")) {
    const fix = "Write the whole path, or $HOME instead of ~";
    return { message: "begins with ~, which a shell expands only outside quotes", fix };
  }
  if (stats.code === "ENOENT") return { message: "names a file that does not exist" };
  return { message: `names a file that cannot be read (${stats.code})` };
}

function readKubeconfig(file: string): KubeconfigFile | { readonly problems: readonly Problem[] } {
  const read = attempt(() => readFileSync(file, "utf8"));
  if ("code" in read) return { problems: [{ file, path: "", message: `cannot be read (${read.code})` }] };
  const { data, problems, lineOf } = parseYamlAnew(file, read.value);
  // The messages of the YAML parser may quote the file, in which everything may be secret.
  if (problems.length > 0) return { problems: problems.map(({ line }) => ({ file, line, path: "", ...notYaml })) };
  const checked = checkData(kubeconfig, data ?? {}, { file, lineOf, showValues: false });
  return "value" in checked ? { file, content: checked.value, lineOf } : { problems: checked.problems };
}

const notYaml = {
  message: "is not YAML with every key once, and without aliases, tags and a second document",
  fix: "Correct the line. kubectl config view --kubeconfig FILE prints a sound file",
};

/** The result of a call of the file system, or the code of its error. */
export function attempt<T>(call: () => T): { readonly value: T } | { readonly code: string } {
  try {
    return { value: call() };
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") return { code: error.code };
    throw error;
  }
}
