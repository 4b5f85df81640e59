import { Agent } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

type RequestContext = Parameters<KubeConfig["applySecurityAuthentication"]>[0];

/** ms that a connection without requests stays open. The API server closes it after 90 s. */
const idleTimeoutMs = 20_000;

/**
 * A client configuration whose requests share their connections. Kubernetes' client opens a connection for each request
 * otherwise, and the TLS handshake costs both sides more processor time than most requests.
 */
export class KeepAliveConfig extends KubeConfig {
  #agent: Agent | undefined;

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const agent = context.getAgent();
    if (!(agent instanceof Agent)) return;
    this.#agent ??= new Agent({ ...agent.options, keepAlive: true, timeout: idleTimeoutMs });
    context.setAgent(this.#agent);
  }
}
