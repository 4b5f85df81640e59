import { get } from "node:http";
import type { V1Container } from "@kubernetes/client-node";

/** The readiness probe of a process. */
export interface ReadinessProbe {
  /** Port of the container, as its pod knows it. */
  readonly port: number;
  readonly path: string;
  /** ms between two questions once it is ready. */
  readonly period: number;
  /** ms after which no answer is a failure. */
  readonly timeout: number;
  /** Failures in a row after which what was ready is not any more. */
  readonly failures: number;
}

/**
 * The readiness probe of a container, with the defaults of Kubernetes; `undefined` when it has none and so is ready as
 * soon as it runs. A probe that runs `wget` for a URL of the container itself asks for this URL.
 * @throws when the probe is no HTTP GET, or names a port that the container does not declare
 */
export function readinessProbe(container: V1Container): ReadinessProbe | undefined {
  const probe = container.readinessProbe;
  if (probe === undefined) return undefined;
  const { port, path = "/" } = probe.httpGet ?? wgetOf(probe.exec?.command ?? []) ?? {};
  if (port === undefined) throw new Error(`the readiness probe of ${container.name} is not an HTTP GET`);
  return {
    port: namedPort(container, port),
    path,
    period: (probe.periodSeconds ?? 10) * 1000,
    timeout: (probe.timeoutSeconds ?? 1) * 1000,
    failures: probe.failureThreshold ?? 3,
  };
}

/** The request of a command `wget … http://localhost:PORT/PATH`; `undefined` for any other command. */
function wgetOf(command: readonly string[]): { readonly port: number; readonly path: string } | undefined {
  const url = command[0] === "wget" && command.at(-1);
  const [, port, path = "/"] = /^http:\/\/localhost:(\d+)(\/\S*)?$/.exec(url || "") ?? [];
  return port === undefined ? undefined : { port: Number(port), path };
}

/**
 * The number of a port that is given by number or by name.
 * @throws when the container declares no port of that name
 */
export function namedPort(container: V1Container, port: number | string): number {
  if (typeof port === "number") return port;
  const found = container.ports?.find(({ name }) => name === port)?.containerPort;
  if (found === undefined) throw new Error(`container ${container.name} declares no port "${port}"`);
  return found;
}

/** Asks once; as for the kubelet, any answer from 200 to 399 is success. */
export function ask(port: number, path: string, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = get({ host: "127.0.0.1", port, path, timeout, agent: false }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 400);
    });
    call.once("timeout", () => call.destroy());
    // Not listening yet, or too slow: not ready. A probe knows no other answer.
    call.once("error", () => resolve(false));
  });
}
