import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Somebody whom the hostile tenant has things sent to, and what is to be stolen. */
export class Thief {
  readonly #heard: string[] = [];

  private constructor(
    private readonly server: Server,
    /** A file that the controllers can read, as they can their own tokens. */
    readonly loot: string,
    private readonly content: string,
  ) {}

  /** @param directory of the file that is to be stolen */
  static async start(directory: string): Promise<Thief> {
    const content = `only-a-controller-can-read-this-${process.pid}`;
    const loot = join(directory, "token");
    await writeFile(loot, content);
    const server = createServer();
    const thief = new Thief(server, loot, content);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        thief.#heard.push(Buffer.concat(chunks).toString("utf8"));
        response.writeHead(400, { "content-type": "application/json" }).end('{"error": "invalid_grant"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    server.unref();
    return thief;
  }

  /** Where things are sent to. */
  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  /** Whether the file's content has arrived. */
  get hasIt(): boolean {
    return this.#heard.some((text) => text.includes(this.content));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
