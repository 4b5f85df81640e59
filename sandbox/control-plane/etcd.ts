import { join } from "node:path";
import type { Pki } from "./pki.js";

/**
 * Arguments of etcd: one member, on loopback, with mutual TLS on both of its ports, because a client of etcd has
 * every secret of the cluster.
 * @see https://etcd.io/docs/v3.6/op-guide/configuration/
 */
export function etcdArgs(args: { dir: string; pki: Pki; clientPort: number; peerPort: number }): string[] {
  const { server, ca } = args.pki.etcd;
  const client = etcdUrl(args.clientPort);
  const peer = etcdUrl(args.peerPort);
  return [
    "--name=fleet",
    `--data-dir=${join(args.dir, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=fleet=${peer}`,
    `--cert-file=${server.cert}`,
    `--key-file=${server.key}`,
    `--trusted-ca-file=${ca}`,
    "--client-cert-auth",
    `--peer-cert-file=${server.cert}`,
    `--peer-key-file=${server.key}`,
    `--peer-trusted-ca-file=${ca}`,
    "--peer-client-cert-auth",
    // A sandbox that loses its last second in a power cut is no loss, and every write is many times quicker.
    "--unsafe-no-fsync",
    // A single member elects itself after one interval, and has no peers whose end it has to notice: each shorter interval
    // only costs processor time, also where nothing happens.
    "--heartbeat-interval=200",
    "--election-timeout=2000",
    // Kept small: old revisions and the log of writes are what etcd's memory goes to.
    "--auto-compaction-mode=periodic",
    "--auto-compaction-retention=5m",
    "--snapshot-count=5000",
    "--log-level=warn",
  ];
}

/** URL of an etcd port. */
export function etcdUrl(port: number): string {
  return `https://127.0.0.1:${port}`;
}
