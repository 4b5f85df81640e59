import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { type ClusterArgs, type ExistingCluster, type Namespaces, readCluster } from "../../../preflight/cluster.js";
import { type KubeconfigParts, kubeconfigText, SECRET } from "./kubeconfig.js";
import { type TestServer, TestServers } from "./servers.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** A kubeconfig and servers for one test of {@link readCluster}. */
export class ClusterReader {
  readonly #folder = mkdtempSync(join(tmpdir(), "fleet-cluster-"));
  readonly #servers = new TestServers();
  /** Milliseconds for all answers. A test of a server that never answers sets a short time. */
  answerMs = 30_000;
  /** Path of the kubeconfig. */
  readonly file = join(this.#folder, "kubeconfig");

  /** Stops the servers and deletes the kubeconfig. */
  async end(): Promise<void> {
    await this.#servers.stop();
    rmSync(this.#folder, { recursive: true });
  }

  /** A server that stops with the test. */
  async started<Started extends TestServer>(server: Promise<Started>): Promise<Started> {
    return await this.#servers.started(server);
  }

  async read(
    parts: KubeconfigParts,
    args: Partial<ClusterArgs> = {},
    environment: Environment = {},
  ): Promise<ExistingCluster> {
    writeFileSync(this.file, kubeconfigText(parts));
    return await readCluster(
      { state: {}, definitions: [], ...args },
      { PATH: process.env.PATH, ...environment, KUBECONFIG: this.file },
      { answerMs: this.answerMs, loginMs: 30_000 },
    );
  }

  async list(parts: KubeconfigParts, environment: Environment = {}): Promise<Namespaces> {
    return (await this.read(parts, {}, environment)).namespaces;
  }

  /** The problem, which must not repeat the secret of the kubeconfig. */
  async refusalOf(parts: KubeconfigParts, environment: Environment = {}): Promise<string> {
    try {
      await this.list(parts, environment);
    } catch (error) {
      assert.ok(error instanceof FleetError, String(error));
      assert.doesNotMatch(error.message, new RegExp(SECRET));
      return error.message;
    }
    throw new Error("the namespaces were listed");
  }
}

/** The cluster of a kubeconfig that leads to a server of the test. */
export const clusterAt = ({ port }: TestServer) => ({ server: `http://127.0.0.1:${port}` });
