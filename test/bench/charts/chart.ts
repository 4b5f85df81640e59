import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Curves } from "./curves.js";
import { type Theme, themes } from "./themes.js";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const [width, height] = [900, 620];

/** Left and top edge of each panel, of four. */
const panels = [
  { left: 64, top: 84 },
  { left: 524, top: 84 },
  { left: 64, top: 364 },
  { left: 524, top: 364 },
] as const;

const panelSize = { width: 340, height: 190 } as const;

/** The picture of the curves as SVG: one panel for each job, seconds by number of tenants. */
export function drawChart({ panels: jobs, series }: Curves, theme: Theme): string {
  const { background, text, line, colors } = themes[theme];
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  const axis = { axisLabel: { color: text }, nameTextStyle: { color: text }, axisLine: { lineStyle: { color: text } } };
  const splitLine = { lineStyle: { color: line } };
  const shown = jobs.slice(0, panels.length);
  chart.setOption({
    animation: false,
    backgroundColor: background,
    textStyle: { color: text, fontFamily: "sans-serif" },
    color: [...colors],
    legend: { top: 8, textStyle: { color: text }, data: [...series] },
    title: shown.map(({ title }, index) => ({
      text: title,
      left: (panels[index]?.left ?? 0) - 30,
      top: (panels[index]?.top ?? 0) - 46,
      textStyle: { color: text, fontSize: 14 },
    })),
    grid: shown.map((_, index) => ({ ...panels[index], ...panelSize })),
    xAxis: shown.map((_, gridIndex) => ({
      ...axis,
      gridIndex,
      type: "value" as const,
      name: "tenants",
      nameLocation: "middle" as const,
      nameGap: 26,
      min: 0,
      minInterval: 1,
      splitLine,
    })),
    yAxis: shown.map((_, gridIndex) => ({ ...axis, gridIndex, type: "log" as const, splitLine })),
    series: shown.flatMap(({ curves }, index) =>
      series.flatMap((name) => {
        const points = curves[name];
        if (points === undefined) return [];
        const data = points.map(([tenants, seconds]) => [tenants, seconds]);
        return [
          { type: "line" as const, name, xAxisIndex: index, yAxisIndex: index, symbol: "circle", symbolSize: 7, data },
        ];
      }),
    ),
  });
  const picture = chart.renderToSVGString();
  chart.dispose();
  return `${withoutClasses(picture)}\n`;
}

/** A picture in a page reacts to no pointer. Classes for that would have other names in each picture that is drawn. */
function withoutClasses(picture: string): string {
  return picture
    .replace(/<style\b.*?<\/style>\n?/gs, "")
    .replace(/ (?:class|pointer-events)="[^"]*"/g, "")
    .replace(/\bzr\d+-/g, "chart-");
}
