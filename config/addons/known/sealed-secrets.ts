import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { type FieldRule, plainKeys } from "../field-rule.js";

/**
 * A sealed Secret is bound to its namespace, unless its author sealed it for the whole cluster: then every tenant that
 * gets hold of the text could have it opened in its own namespace.
 * @see https://github.com/bitnami-labs/sealed-secrets#scopes
 */
const sealedSecret: readonly FieldRule[] = [
  {
    at: "metadata.annotations",
    form: "keys",
    pattern: "^([^/]+|sealedsecrets\\.bitnami\\.com/namespace-wide|(.+\\.)?(fluxcd\\.io|helm\\.sh)/.+)$",
    words: "keys without a prefix, of Flux or Helm, or sealedsecrets.bitnami.com/namespace-wide",
  },
  { at: "spec.template.metadata", form: "fields", names: ["name", "namespace", "labels", "annotations"] },
  { at: "spec.template.metadata.namespace", form: "namespace" },
  { at: "spec.template.metadata.labels", ...plainKeys },
  {
    at: "spec.template.metadata.annotations",
    form: "keys",
    pattern: "^([^/.]+|sealedsecrets\\.bitnami\\.com/namespace-wide)$",
    words: "keys without a prefix and a period, or sealedsecrets.bitnami.com/namespace-wide",
  },
];

/** Sealed Secrets: encrypted for the controller, so that they can be in Git. */
export const sealedSecrets: KnownAddon = {
  ...addonNames("sealed-secrets"),
  purpose: "Secrets in Git, encrypted for the cluster",
  kinds: kindsOf("bitnami.com", "v1alpha1", {
    kind: "SealedSecret",
    plural: "sealedsecrets",
    most: 50,
    rules: sealedSecret,
  }),
  sharedKinds: [],
};
