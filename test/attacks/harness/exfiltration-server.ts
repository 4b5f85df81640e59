import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** The server that the hostile tenant sends stolen data to, and the secret file that it tries to steal. */
export class ExfiltrationServer {
  readonly #heard: string[] = [];

  private constructor(
    private readonly server: Server,
    /** A file that the controllers can read, as they can their own tokens. */
    readonly secretFile: string,
    private readonly content: string,
  ) {}

  /** Starts the server. @param directory for the secret file */
  static async start(directory: string): Promise<ExfiltrationServer> {
    const content = `only-a-controller-can-read-this-${process.pid}`;
    const secretFile = join(directory, "token");
    await writeFile(secretFile, content);
    const server = createServer();
    const exfiltration = new ExfiltrationServer(server, secretFile, content);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        exfiltration.#heard.push(Buffer.concat(chunks).toString("utf8"));
        response.writeHead(400, { "content-type": "application/json" }).end('{"error": "invalid_grant"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    server.unref();
    return exfiltration;
  }

  /** The URL that stolen data is sent to. */
  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  /** Whether the secret file's content has arrived. */
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
