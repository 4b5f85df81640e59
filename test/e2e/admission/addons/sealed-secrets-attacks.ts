import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";

const sealed = (template: Fields): Fields => ({ encryptedData: { password: "AgBy" }, template });

/** Objects that each break one rule of sealed-secrets. */
export const sealedSecrets: readonly AddonAttack[] = [
  ...["cluster-wide", "managed"].map(
    (name): AddonAttack => ({
      kind: "SealedSecret",
      at: "metadata.annotations",
      spec: sealed({}),
      annotations: { [`sealedsecrets.bitnami.com/${name}`]: "true" },
    }),
  ),
  { kind: "SealedSecret", at: "spec", spec: { data: "AgBy" } },
  ...["{{ range until 2000000000 }}x{{ end }}", "{{ repeat 2000000000 .a }}"].map(
    (text): AddonAttack => ({ kind: "SealedSecret", at: "spec.template.data", spec: sealed({ data: { a: text } }) }),
  ),
  {
    kind: "SealedSecret",
    at: "spec.template.metadata",
    spec: sealed({ metadata: { finalizers: ["example.com/stay"] } }),
  },
  { kind: "SealedSecret", at: "spec.template.metadata.namespace", spec: sealed({ metadata: { namespace: "team-b" } }) },
  {
    kind: "SealedSecret",
    at: "spec.template.metadata.labels",
    spec: sealed({ metadata: { labels: { "app.kubernetes.io/managed-by": "fleet" } } }),
  },
  ...["sealedsecrets.bitnami.com/managed", "k8s-sidecar-target-directory"].map(
    (key): AddonAttack => ({
      kind: "SealedSecret",
      at: "spec.template.metadata.annotations",
      spec: sealed({ metadata: { annotations: { [key]: "true" } } }),
    }),
  ),
];
