/** A reference of an object to another one, and what it may name. */
export interface ReferenceRule {
  /** API groups of the kinds; "" where the reference may leave the group out. */
  readonly groups: readonly string[];
  /** Kind of a reference that names none. @default "" */
  readonly defaultKind?: string;
  /** Kinds that a reference may name in its own namespace. */
  readonly own: readonly string[];
  /** Kind of which the stack lists objects that every tenant may refer to. @default - none */
  readonly shared?: string;
}

/** The form of a text. */
export interface TextForm {
  /** Regular expression (RE2) that the text matches. */
  readonly pattern: string;
  /** Texts that match, and are refused. @default - none */
  readonly except?: readonly string[];
  /** The form in words, to be read after "must be". */
  readonly words: string;
}

/** The form that a field must have. A field that an object does not have is sound, except under `oneOf`. */
export type FieldForm =
  /** A map with none but these fields. */
  | { readonly form: "fields"; readonly names: readonly string[] }
  /** A map with at least one of these fields: without it, a controller would use its own identity. */
  | { readonly form: "oneOf"; readonly names: readonly string[] }
  /** The name of the object's own namespace, or an empty text. */
  | { readonly form: "namespace" }
  /** One of these values. */
  | { readonly form: "value"; readonly of: readonly (string | boolean)[] }
  /** A number within its bounds. Without `least`, it has no lower one. */
  | { readonly form: "number"; readonly least?: number; readonly most: number }
  /** A list, map or text with no more items or letters. */
  | { readonly form: "size"; readonly most: number }
  /** A length of time. `0` turns a repetition off, which is sound, too. Without one of the bounds, a controller works or waits on. */
  | { readonly form: "duration"; readonly least: string; readonly most: string }
  /** Relabelings of Prometheus that do not multiply the length of a label. */
  | { readonly form: "relabelings" }
  /** A template that is cheap to render, or a map of such templates. */
  | { readonly form: "template"; readonly of: "text" | "map" }
  /** A text of this form. */
  | ({ readonly form: "text" } & TextForm)
  /** A map whose keys have this form: labels and annotations of other objects. */
  | ({ readonly form: "keys" } & TextForm)
  | ({ readonly form: "reference" } & ReferenceRule)
  /** A host of the tenant file. */
  | { readonly form: "host" }
  /** The https address of a public host, or the address of any named host. */
  | { readonly form: "address"; readonly of: "public" | "named" }
  /** A path below the name of the namespace: `team-payments/database`. */
  | { readonly form: "below-namespace" }
  /** A field that tenants must not set. */
  | { readonly form: "absent" };

/** A rule on a field of a kind, by which its objects stay in their namespace. */
export type FieldRule = FieldForm & {
  /** Path of the field; `[]` stands for each item of a list: `spec.endpoints[].tlsConfig`. */
  readonly at: string;
  /** Field of the object that must have one of these values for the rule to hold. @default - it always holds */
  readonly when?: { readonly at: string; readonly is: readonly string[] };
};

/**
 * The annotation that names a folder for a program which loads files from the ConfigMaps and Secrets of all namespaces.
 * @see https://github.com/kiwigrid/k8s-sidecar
 */
export const FOLDER_ANNOTATION = "k8s-sidecar-target-directory";

/** Keys of labels and annotations that concern their own object alone: no controller of the cluster obeys them. */
export const plainKeys = {
  form: "keys",
  pattern: "^[^/.]+$",
  except: [FOLDER_ANNOTATION],
  words: `keys without a prefix and a period, other than ${FOLDER_ANNOTATION}`,
} as const satisfies FieldForm;

/**
 * The rule on the annotations of an object that its controller copies to another one, under its own name: so past the
 * policy `fleet-configuration-annotations`, which holds for the tenant's own accounts.
 * @param domains whose annotations are free, beside those of Flux, Helm and kubectl
 */
export function copiedAnnotations(...domains: readonly string[]): FieldRule {
  const free = ["fluxcd.io", "helm.sh", ...domains].map((domain) => domain.replaceAll(".", "\\."));
  return {
    at: "metadata.annotations",
    form: "keys",
    pattern: `^([^/]+|((.+\\.)?(${free.join("|")})|kubectl\\.kubernetes\\.io)/.+)$`,
    except: [FOLDER_ANNOTATION],
    words: `keys without a prefix, or of ${["Flux", "Helm", "kubectl", ...domains].join(", ")}, and not ${FOLDER_ANNOTATION}`,
  };
}

/** Rules that each of some fields name the object's own namespace. */
export function inNamespace(...fields: readonly string[]): FieldRule[] {
  return fields.map((at) => ({ at, form: "namespace" }));
}
