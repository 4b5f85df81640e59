import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A Prometheus that knows one answer for each query, as Flagger asks it. */
export class MetricsServer {
  private constructor(private readonly server: Server) {}

  /**
   * Listens on a free port of this machine.
   * @param sampleOf the only sample that a query gives
   * @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
   */
  static async start(sampleOf: (query: string) => number): Promise<MetricsServer> {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://metrics");
      if (pathname !== "/api/v1/query") {
        response.writeHead(404).end();
        return;
      }
      const value = [Date.now() / 1000, String(sampleOf(searchParams.get("query") ?? ""))];
      const data = { resultType: "vector", result: [{ metric: {}, value }] };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ status: "success", data }));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    return new MetricsServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  end(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }
}
