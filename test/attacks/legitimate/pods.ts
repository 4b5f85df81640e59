import { restrictedPod } from "../../support/e2e/workloads.js";
import { NAME, V } from "../objects.js";
import { type Legitimate, object } from "./legitimate.js";

/** Fields beside those that are all right. */
export type Fields = Readonly<Record<string, unknown>>;

/** Labels of every pod here. */
export const labels = { app: NAME };

/** The container of every pod here: nothing is wrong with it. */
export const [main] = restrictedPod.containers;

const port = { ports: [{ name: "http", containerPort: 8080 }] };

/** A pod with other fields of its spec and of its container. */
export const pod = (spec: Fields = {}, container: Fields = {}) => ({
  ...restrictedPod,
  containers: [{ ...main, ...port, ...container }],
  ...spec,
});

const template = (spec: Fields) => ({ metadata: { labels }, spec });

/** A workload that selects its pods. */
export const selected = (spec: Fields, more: Fields = {}) => ({
  spec: { selector: { matchLabels: labels }, template: template(spec), ...more },
});

/** A Deployment. @param title what follows "a Deployment" */
export const deployment = (title: string, spec: Fields, more: Fields = {}): Legitimate =>
  object(`a Deployment ${title}`, V.apps, "Deployment", selected(spec, more));

/** The spec of a Job. */
export const job = (spec: Fields = {}) => ({ ...spec, template: template(pod({ restartPolicy: "Never" })) });

/** The spec of a claim of a volume. */
export const claim = (spec: Fields) => ({
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "1Gi" } },
  ...spec,
});
