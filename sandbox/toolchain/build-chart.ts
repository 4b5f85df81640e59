import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BuildContext } from "./build-go.js";
import { chartMetadata, packChart } from "./chart-archive.js";
import { crdTemplates } from "./chart-crds.js";
import { filledTemplates, readChartFiles, withRelease } from "./chart-files.js";
import type { ChartRecipe } from "./chart-recipes.js";
import { ToolchainError } from "./error.js";
import { downloadModules } from "./go.js";

/** The files whose code decides on the bytes of a chart: they are part of its key. */
export const chartCode: readonly string[] = ["build-chart.ts", "chart-archive.ts", "chart-crds.ts", "chart-files.ts"];

/**
 * Packages a chart from its module, whose content go.sum pins: what upstream's release generates is generated here as well.
 * @throws ToolchainError when the module has no such chart
 */
export async function buildChart(recipe: ChartRecipe, context: BuildContext): Promise<void> {
  const { dir } = await chartModule(recipe, context);
  const folder = join(dir, recipe.folder);
  const files = await readChartFiles(folder, recipe.ignore);
  const generated = [
    ...(recipe.variables === undefined ? [] : await filledTemplates(folder, recipe.variables)),
    ...(recipe.crdBundle === undefined ? [] : crdTemplates(await readFile(join(dir, recipe.crdBundle), "utf8"))),
  ];
  for (const [path, content] of generated) files.set(path, content);
  const chartYaml = files.get("Chart.yaml");
  if (chartYaml === undefined) throw mismatch(recipe, `${recipe.folder} has no Chart.yaml`);
  if (recipe.release !== undefined) files.set("Chart.yaml", withRelease(chartYaml, recipe.release));
  const name = basename(recipe.output, ".tgz");
  const archive = packChart(name, files);
  const { name: actual } = chartMetadata(archive);
  if (actual !== name) throw mismatch(recipe, `the chart in ${recipe.folder} is ${actual}`);
  await writeFile(join(context.out, basename(recipe.output)), archive);
}

async function chartModule(recipe: ChartRecipe, { go, source, signal, onLine }: BuildContext) {
  const part = `downloading the sources of ${recipe.name}`;
  const call = { cwd: join(source, recipe.module), part, signal, onLine };
  const module = (await downloadModules(go, [recipe.source], call)).get(recipe.source);
  if (module?.version === recipe.version) return module;
  throw mismatch(recipe, `go.mod pins ${recipe.source} ${module?.version ?? "at no version"}`);
}

function mismatch(recipe: ChartRecipe, what: string): ToolchainError {
  return new ToolchainError(
    recipe.name,
    `${recipe.name} ${recipe.version} cannot be packaged: ${what}`,
    "correct its recipe in sandbox/toolchain/chart-recipes.ts, or its pin in sandbox/toolchain/charts/go.mod.",
  );
}
