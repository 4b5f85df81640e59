import { addChart } from "@fleet/sandbox/registry/added-charts";
import { stringify } from "yaml";
import type { Fields } from "../objects/object.js";
import { deployment, podSpec } from "../objects/workloads.js";
import type { TestSandbox } from "./sandbox.js";

/** The URL of a chart of the tests in the sandbox's registry. */
export function chartUrl(name: string): string {
  return `oci://ghcr.io/acme/charts/${name}`;
}

/** The image of a chart's Deployment. */
export function chartImage(name: string, version: string): string {
  return `registry.example.com/${name}:${version}`;
}

/** Publishes a version of a chart: a Deployment of its name, whose image has that version. */
export async function publishChart(
  { stateDirectory }: Pick<TestSandbox, "stateDirectory">,
  name: string,
  version: string,
  container: Fields = {},
): Promise<void> {
  const pod = podSpec({ image: chartImage(name, "{{ .Chart.AppVersion }}"), ...container });
  const files = {
    "Chart.yaml": { apiVersion: "v2", name, version, appVersion: version },
    "templates/deployment.yaml": deployment({ name }, pod),
  };
  const texts = Object.entries(files).map(([path, content]) => [path, Buffer.from(stringify(content))] as const);
  await addChart({ stateDirectory, url: chartUrl(name), name, files: new Map(texts) });
}
