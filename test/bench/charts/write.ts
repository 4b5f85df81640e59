/** `npm run charts`: draws the pictures of docs/benchmarks.md from docs/benchmarks/result.json. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "../../../cli/checkout.js";
import { drawChart } from "./chart.js";
import { curvesOf } from "./curves.js";
import { type Theme, themes } from "./themes.js";

const folder = join(checkout, "docs", "benchmarks");
const curves = curvesOf(await readFile(join(folder, "result.json"), "utf8"));
for (const theme of Object.keys(themes) as Theme[]) {
  await writeFile(join(folder, `peer-${theme}.svg`), drawChart(curves, theme));
}
