import { type PackService, type PackServiceArgs, startPackService } from "./pack-service.js";

/** The Git processes that serve clients at this moment. */
export class PackServices {
  readonly #hooks: string;
  readonly #running = new Set<PackService>();

  /** @param hooks directory of the push hooks */
  constructor(hooks: string) {
    this.#hooks = hooks;
  }

  /** Starts one. */
  start(args: Omit<PackServiceArgs, "hooks">): PackService {
    const service = startPackService({ ...args, hooks: this.#hooks });
    this.#running.add(service);
    service.done.then(() => this.#running.delete(service));
    return service;
  }

  /** Ends all; resolves when the last one has gone. */
  async stop(): Promise<void> {
    const services = [...this.#running];
    for (const service of services) service.kill();
    await Promise.all(services.map(({ done }) => done));
  }
}
