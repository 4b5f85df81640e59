import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";

const database = (at: string, spec: Fields): AddonAttack => ({ kind: "Database", at, spec });

/** Objects that each break one rule of a stack's own add-on. */
export const databases: readonly AddonAttack[] = [
  database("spec.backup.namespace", { backup: { namespace: "team-b" } }),
  database("spec.replicas[].secretRef.namespace", {
    replicas: [{}, { secretRef: { name: "a", namespace: "team-b" } }],
  }),
  database("spec.superuser", { superuser: { enabled: true } }),
  database("spec.class", { class: "huge" }),
  database("spec.extensions[]", { extensions: [{ name: "hstore" }, { name: "file", path: "/etc/passwd" }] }),
  database("spec.webhook", { webhook: "http://169.254.169.254" }),
];
