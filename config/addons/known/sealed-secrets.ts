import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { type FieldRule, FOLDER_ANNOTATION, plainKeys } from "../field-rule.js";

/**
 * A sealed Secret is bound to its namespace, unless its author sealed it for the whole cluster: then every tenant that
 * gets hold of the text could have it opened in its own namespace.
 * @see https://github.com/bitnami-labs/sealed-secrets#scopes
 */
const sealedSecret: readonly FieldRule[] = [
  // The former field `data` has a whole Secret, whose labels and annotations no policy can read.
  { at: "spec", form: "fields", names: ["encryptedData", "template"] },
  {
    at: "metadata.annotations",
    form: "keys",
    pattern: "^([^/]+|sealedsecrets\\.bitnami\\.com/namespace-wide|(.+\\.)?(fluxcd\\.io|helm\\.sh)/.+)$",
    words: "keys without a prefix, of Flux or Helm, or sealedsecrets.bitnami.com/namespace-wide",
  },
  { at: "spec.template.metadata", form: "fields", names: ["name", "namespace", "labels", "annotations"] },
  { at: "spec.template.metadata.namespace", form: "namespace" },
  // The controller renders them for all tenants, with the functions of external-secrets' templates.
  { at: "spec.template.data", form: "template", of: "map" },
  { at: "spec.template.metadata.labels", ...plainKeys },
  {
    at: "spec.template.metadata.annotations",
    form: "keys",
    pattern: "^([^/.]+|sealedsecrets\\.bitnami\\.com/namespace-wide)$",
    except: [FOLDER_ANNOTATION],
    words: `${plainKeys.words}, or sealedsecrets.bitnami.com/namespace-wide`,
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
