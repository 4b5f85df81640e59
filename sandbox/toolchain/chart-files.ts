import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChartFiles } from "./chart-archive.js";

/** Reads the files of a chart's folder, without those that its .helmignore and other patterns leave out. */
export async function readChartFiles(folder: string, ignore: readonly string[] = []): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    files.set(path, await readFile(join(folder, path)));
  }
  const patterns = [...lines(files.get(".helmignore")), ...ignore];
  return new Map([...files].filter(([path]) => path !== ".helmignore" && !isIgnored(path, patterns)));
}

function lines(file: Buffer | undefined): string[] {
  return (file?.toString("utf8") ?? "").split("\n").map((line) => line.trim());
}

/**
 * Whether a pattern leaves a file out: by its name, that of a folder that it is in, or its whole path.
 * @see https://helm.sh/docs/chart_template_guide/helm_ignore_file/
 */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  const parts = path.split("/");
  return patterns
    .filter((pattern) => pattern !== "" && !pattern.startsWith("#"))
    .some((pattern) => {
      const matches = matcher(pattern.replace(/\/$/, ""));
      if (pattern.endsWith("/")) return parts.slice(0, -1).some(matches);
      return pattern.includes("/") ? matches(path) : parts.some(matches);
    });
}

/** The glob of Go's filepath.Match, of which charts use `*` and `?`. */
function matcher(pattern: string): (text: string) => boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const expression = new RegExp(`^${escaped.replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}$`);
  return (text) => expression.test(text);
}

/** `NAME.yaml` of each `NAME.tmpl.yaml` in a chart's folder, with the values of its variables. */
export async function filledTemplates(
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<ChartFiles> {
  const templates = (await readdir(folder)).filter((name) => name.endsWith(".tmpl.yaml"));
  const filled = templates.map(async (name) => {
    const source = await readFile(join(folder, name), "utf8");
    const content = source.replace(/\$\{(\w+)\}/g, (found, variable: string) => {
      const value = variables[variable];
      if (value === undefined) throw new Error(`${name} has the variable ${found}, which the recipe does not set.`);
      return value;
    });
    return [name.replace(".tmpl.yaml", ".yaml"), Buffer.from(content)] as const;
  });
  return new Map(await Promise.all(filled));
}

/** A Chart.yaml with the versions that the release sets. The rest of its text stays. */
export function withRelease(
  chartYaml: Buffer,
  { version, appVersion }: { version: string; appVersion: string },
): Buffer {
  const changed = chartYaml
    .toString("utf8")
    .replace(/^version:.*$/m, `version: ${version}`)
    .replace(/^appVersion:.*$/m, `appVersion: ${appVersion}`);
  return Buffer.from(changed);
}
