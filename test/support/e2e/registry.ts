import fastify, { type FastifyInstance } from "fastify";

/**
 * An OCI registry that only knows tags: all that image-reflector-controller asks of one.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
export class Registry {
  readonly #tags = new Map<string, readonly string[]>();

  private constructor(private readonly server: FastifyInstance) {}

  /** Starts one on a free port of the loopback, where clients speak plain HTTP. */
  static async start(): Promise<Registry> {
    const server = fastify();
    const registry = new Registry(server);
    server.get("/v2/", async () => ({}));
    server.get<{ Params: { "*": string } }>("/v2/*", async (request, reply) => {
      const name = /^(.+)\/tags\/list$/.exec(request.params["*"])?.[1] ?? "";
      const tags = registry.#tags.get(name);
      if (tags === undefined) return reply.code(404).send({ errors: [{ code: "NAME_UNKNOWN" }] });
      return { name, tags };
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    return registry;
  }

  /** Name by which an image is pulled from here: `127.0.0.1:PORT/acme/shop`. */
  image(name: string): string {
    const address = this.server.server.address();
    if (address === null || typeof address === "string") throw new Error("The registry does not listen.");
    return `127.0.0.1:${address.port}/${name}`;
  }

  /** From now on the image has these tags besides those it had. */
  addTags(name: string, ...tags: readonly string[]): void {
    this.#tags.set(name, [...(this.#tags.get(name) ?? []), ...tags]);
  }

  end(): Promise<void> {
    return this.server.close();
  }
}
