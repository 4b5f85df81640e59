import { type DaemonRecord, daemonRecord } from "../../daemon/record.js";
import { processStart } from "../../process/orphans.js";

const toolchain = { key: "key", dir: "/t", bin: "/t/bin", plugins: "/t/plugins", manifests: "/t/manifests" };

/** A record of GitHub's daemon. */
export function githubRecord(process: { pid: number; started?: string }, more: object = {}): DaemonRecord {
  return daemonRecord({
    kind: "github",
    process: { name: "github", started: processStart(process.pid) ?? "gone", ...process },
    phase: "ready",
    since: "2026-01-01T00:00:00.000Z",
    github: { url: "http://127.0.0.1:1/", port: 1, sshPort: 2 },
    ...more,
  });
}

/** A record of an environment's daemon. */
export function environmentRecord(stack: string, process: { pid: number; started?: string }): DaemonRecord {
  const environment = { kubeconfig: "/k", server: "https://127.0.0.1:3", receiverUrl: "http://127.0.0.1:4/" };
  const name = `environment-${stack}`;
  return daemonRecord({
    kind: "environment",
    process: { name, started: processStart(process.pid) ?? "gone", ...process },
    phase: "ready",
    since: "2026-01-01T00:00:00.000Z",
    stack,
    toolchain,
    environment,
  });
}
