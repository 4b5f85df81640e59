import { parser } from "@prometheus-io/lezer-promql";

/** The metrics of Flux's controllers that alerts and the dashboard ask for. */
export const controllerMetrics: readonly string[] = [
  "controller_runtime_reconcile_errors_total",
  "gotk_reconcile_duration_seconds_bucket",
  "process_cpu_seconds_total",
  "process_resident_memory_bytes",
];

interface Node {
  readonly name: string;
  readonly text: string;
  readonly isError: boolean;
  readonly parent: string | undefined;
}

/** The nodes of a query, by Prometheus' own grammar. */
function nodesOf(query: string): readonly Node[] {
  const nodes: Node[] = [];
  parser.parse(query).iterate({
    enter: ({ name, from, to, type, node }) => {
      nodes.push({ name, text: query.slice(from, to), isError: type.isError, parent: node.parent?.name });
    },
  });
  return nodes;
}

/** The parts of a query that Prometheus would not read, each with the text up to it. */
export function faultsOf(query: string): readonly string[] {
  return nodesOf(query).flatMap(({ isError, text, parent }) => (isError ? [`${parent}: ${text}`] : []));
}

/** The names of the metrics that a query reads. */
export function metricsOf(query: string): readonly string[] {
  return nodesOf(query).flatMap(({ name, text, parent }) =>
    name === "Identifier" && parent === "VectorSelector" ? [text] : [],
  );
}

/** The labels by which a query groups. */
export function groupLabelsOf(query: string): string[] {
  return nodesOf(query).flatMap(({ name, text, parent }) =>
    name === "LabelName" && parent === "GroupingLabels" ? [text] : [],
  );
}
