import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fetch } from "undici";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { secret as secretOf, signOfLife } from "../../support/objects/configuration.js";
import { alert, provider, receiver as receiverOf } from "../../support/objects/notifications.js";
import { reference } from "../../support/objects/object.js";
import { gitSource } from "../../support/objects/sources.js";
import type { Place } from "../attack.js";
import { apply, list, objectPath } from "../request.js";
import { type Caller, messageOf } from "./caller.js";

interface NotificationsArgs {
  readonly place: Place;
  readonly admin: Caller;
  readonly neighbour: Tenant;
  /** URL of the server that receives webhooks. */
  readonly receiver: string;
}

/** An event as Flux sends it to a webhook, as far as attacks look at it. */
interface FluxEvent {
  readonly involvedObject: { readonly namespace: string };
}

/** The hostile tenant's use of notification-controller, and the server that gets its messages. */
export class Notifications {
  readonly #heard: FluxEvent[] = [];
  #pushes = 0;

  private constructor(
    private readonly args: NotificationsArgs,
    private readonly server: Server,
  ) {}

  static async start(args: NotificationsArgs): Promise<Notifications> {
    const server = createServer();
    const notifications = new Notifications(args, server);
    server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        notifications.#heard.push(JSON.parse(Buffer.concat(chunks).toString("utf8")) as FluxEvent);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return notifications;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
    });
  }

  /**
   * Has the neighbour's events sent to the tenant by an Alert, and the neighbour push, and looks whether its event
   * arrives.
   * @returns what the tenant reads when the Alert is refused, or in the Alert's events; undefined when it hears of the
   *   neighbour
   */
  async hear(tenant: Caller): Promise<string | undefined> {
    const { place } = this.args;
    const { port } = this.server.address() as AddressInfo;
    const name = "neighbours-events";
    const syncs = { kind: "Kustomization", name: place.neighbour, namespace: place.neighbour };
    const refused = await firstRefusal(tenant, [
      alert({ ...place, name }, [syncs], { providerRef: { name } }),
      provider({ ...place, name }, { address: `http://127.0.0.1:${port}/` }),
    ]);
    return refused ?? this.#pushed();
  }

  /** Has the neighbour push, and follows the event of that push. @returns as {@link hear} */
  async #pushed(): Promise<string | undefined> {
    const { place, neighbour } = this.args;
    this.#pushes += 1;
    this.#heard.length = 0;
    const before = await this.#refusals();
    await neighbour.applied(await neighbour.push(signOfLife(`push ${this.#pushes}`)));
    const { said } = await waitFor(
      async () => {
        const heard = this.#heard.some(({ involvedObject }) => involvedObject.namespace === place.neighbour);
        if (heard) return { said: undefined };
        const now = await this.#refusals();
        return now.count > before.count && { said: now.message };
      },
      { describe: () => "the neighbour's event is neither sent to the tenant nor refused" },
    );
    return said;
  }

  /**
   * Has the neighbour's source looked at by a Receiver, whose webhook anybody may call who knows its path.
   * @returns what the tenant reads when the Receiver is refused, or the webhook's answer when it is none; undefined when
   *   the neighbour's source was asked to look
   */
  async receive(tenant: Caller): Promise<string | undefined> {
    const { place, admin, neighbour } = this.args;
    const name = "neighbours-receiver";
    const resources = [{ ...gitSource(place.neighbour), namespace: place.neighbour }];
    const receiver = receiverOf({ ...place, name }, { type: "generic", secretRef: { name }, resources });
    const secret = secretOf({ ...place, name }, { token: "known to the tenant" });
    const refused = await firstRefusal(tenant, [secret, receiver]);
    if (refused !== undefined) return refused;

    const path = await waitFor(
      async () => {
        const { body } = await admin.send({ method: "GET", path: objectPath(receiver) });
        const { conditions = [], webhookPath } = (body.status ?? {}) as ReceiverStatus;
        return conditions.some(({ type, status }) => type === "Ready" && status === "True") && webhookPath;
      },
      { describe: () => "the Receiver is not Ready" },
    );
    const before = await this.#asked();
    const { ok, status, statusText } = await fetch(new URL(path, this.args.receiver), { method: "POST" });
    if (!ok) return `${status} ${statusText}`;
    await waitFor(async () => (await this.#asked()) !== before, {
      describe: () => `the source of ${neighbour.name} is not asked to look`,
    });
    return undefined;
  }

  /** When the neighbour's source was last asked to look. */
  async #asked(): Promise<string | undefined> {
    const { place, admin } = this.args;
    const source = reference("GitRepository", { name: place.neighbour, namespace: place.neighbour });
    const { body } = await admin.send({ method: "GET", path: objectPath(source) });
    const { annotations = {} } = body.metadata as { annotations?: Record<string, string> };
    return annotations["reconcile.fluxcd.io/requestedAt"];
  }

  /** Kubernetes' events about the tenant's Alert: their number and messages. */
  async #refusals(): Promise<{ count: number; message: string }> {
    const { place, admin } = this.args;
    const { body } = await admin.send(list("Event", place.namespace));
    const events = (body.items as KubernetesEvent[]).filter(({ involvedObject }) => involvedObject.kind === "Alert");
    return {
      count: events.reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0),
      message: events.map(({ message }) => message).join("\n"),
    };
  }
}

interface ReceiverStatus {
  readonly webhookPath?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

interface KubernetesEvent {
  readonly involvedObject: { readonly kind: string };
  readonly message: string;
  readonly count?: number;
  readonly series?: { readonly count: number };
}

/** Applies objects until one is refused. @returns the refusal's words; undefined when all are there */
async function firstRefusal(tenant: Caller, objects: readonly KubernetesObject[]): Promise<string | undefined> {
  for (const object of objects) {
    const answer = await tenant.send(apply(object));
    if (!answer.ok) return messageOf(answer);
  }
  return undefined;
}
