import { startEgress } from "@fleet/sandbox/registry/egress";
import { publishedCharts } from "@fleet/sandbox/registry/published-charts";
import { statePaths } from "@fleet/sandbox/state/state-directory";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { chartRecipes } from "@fleet/sandbox/toolchain/chart-recipes";

/** The registries of a sandbox's charts, for programs beside its clusters. */
export interface ChartRegistries {
  /** Variables by which a program of Node reaches them under their upstream names. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Serves the charts that a sandbox serves, also those that tests add to it.
 * @param directory a folder for the certificate of their authority
 */
export async function startChartRegistries(stateDirectory: string, directory: string): Promise<ChartRegistries> {
  const toolchain = await ensureToolchain({ parts: chartRecipes.map(({ name }) => name) });
  const egress = await startEgress({
    dir: directory,
    charts: await publishedCharts(toolchain.dir),
    added: statePaths(stateDirectory).charts,
  });
  const { proxy, certificates, stop } = egress;
  return { variables: { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: certificates }, stop };
}
