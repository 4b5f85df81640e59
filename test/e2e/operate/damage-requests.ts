import assert from "node:assert/strict";
import type { KubernetesObject } from "@kubernetes/client-node";
import type { ApiRequest } from "../../../cli/cluster/api-client.js";
import { connectCurrent } from "../../../cli/cluster/connect.js";
import { objectPath } from "../../../lib/kubernetes/api-paths.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";

/** The systems that are damaged. */
export interface Workplace {
  readonly kubernetes: KubernetesClients;
  readonly github: Emulator;
}

/** An object of the cluster, without its content. */
export function reference(apiVersion: string, kind: string, name: string, namespace?: string) {
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
}

/** Sends a request about an object as an administrator. @throws unless it succeeds */
async function send({ kubernetes }: Workplace, of: ReturnType<typeof reference>, request: Omit<ApiRequest, "path">) {
  const [group = "", version] = of.apiVersion.split("/");
  const type = version === undefined ? { group: "core", version: group } : { group, version };
  const client = await connectCurrent({ KUBECONFIG: kubernetes.kubeconfig }, { answerMs: 30_000, loginMs: 1000 });
  const path = `${objectPath({ ...type, kind: of.kind }, of.metadata)}?fieldManager=kubectl-edit`;
  const { status, body } = await client.send({ ...request, path });
  client.end();
  assert.ok(status < 300, `${of.kind} ${of.metadata.name}: ${JSON.stringify(body)}`);
}

/** Changes an object under the name of kubectl. A list is a JSON patch. */
export function patch(of: ReturnType<typeof reference>, body: object | readonly object[]) {
  const type = Array.isArray(body) ? "application/json-patch+json" : "application/merge-patch+json";
  return (place: Workplace) => send(place, of, { method: "PATCH", body, headers: { "content-type": type } });
}

/** Deletes an object. */
export function remove(of: ReturnType<typeof reference>) {
  return ({ kubernetes }: Workplace) => kubernetes.objects().delete(of);
}

/** Creates an object. */
export function create(object: object) {
  return ({ kubernetes }: Workplace) => kubernetes.objects().create(object as KubernetesObject);
}
