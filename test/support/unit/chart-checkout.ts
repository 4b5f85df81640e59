import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { addLockCommand } from "../../../cli/commands/lock.js";
import { ChartRegistries } from "./chart-registries.js";
import { runFleetWith } from "./run-fleet.js";

/** A file with one chart. */
export const chartFile = "fleet/infrastructure/release.yaml";
/** Another one. */
export const otherFile = "fleet/infrastructure/other.yaml";

/** An OCIRepository `shop`, whose `ref` is on line 9. */
export const artifact = (ref: string, spec = "") => `# Why this chart.
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: shop
spec:
  url: oci://registry.example.com/charts/shop
  ref:
    ${ref}
${spec}`;
/** The same with an exact tag. */
export const tagged = artifact("tag: 1.2.3 # kept");
/** A HelmRepository and a release of its chart. */
export const metrics = (metadata = "", version = "3.0.0") => `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: metrics}
spec: {url: 'https://charts.example.com/'}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: metrics
${metadata}spec:
  chart:
    spec: {chart: metrics, version: ${version}, sourceRef: {kind: HelmRepository, name: metrics}}
`;

/** A checkout with charts in `fleet/`, beside registries in memory. */
export class ChartCheckout {
  readonly registries = new ChartRegistries();
  readonly #root = mkdtempSync(join(tmpdir(), "fleet-lock-charts-"));

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.#root, name)), { recursive: true });
      writeFileSync(join(this.#root, name), text);
    }
  }

  read(name: string): string {
    return readFileSync(join(this.#root, name), "utf8");
  }

  /** Runs `fleet lock charts`. */
  run(...args: readonly string[]) {
    const transport = { fetch: this.registries.fetch, timeoutMs: 5000 };
    return runFleetWith(
      (program, streams) => addLockCommand(program, streams, this.#root, transport),
      "lock",
      "charts",
      ...args,
    );
  }

  /** Runs a command that must fail with these words, and leave {@link chartFile} as it is. @returns its errors */
  async refused(args: readonly string[], code: number, ...words: readonly (RegExp | string)[]): Promise<string> {
    const before = this.read(chartFile);
    const result = await this.run(...args);
    assert.equal(result.code, code, result.err);
    for (const word of words) {
      const isThere = typeof word === "string" ? result.err.includes(word) : word.test(result.err);
      assert.ok(isThere, `${word}:\n${result.err}`);
    }
    assert.equal(this.read(chartFile), before);
    return result.err;
  }
}
