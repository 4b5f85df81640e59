import type { AdmissionMode } from "../../../config/stack/admission-schema.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { TENANT_LABEL } from "../../../lib/kubernetes/ownership-labels.js";

/** What every policy of a stack is told. */
export interface PolicyContext {
  /** Labels of the policy and its binding. */
  readonly labels: Readonly<Record<string, string>>;
  readonly mode: AdmissionMode;
}

/** A piece of CEL with a name, computed once for each request and only when it is asked for. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** One demand on a request. */
export interface Validation {
  /** CEL that is true when the request meets it. */
  readonly expression: string;
  /** What the tenant reads: what is wrong and what to do. One line, not "immutable": see {@link admissionPolicy}. */
  readonly message: string;
  /** CEL that makes a message which says more; where it fails, {@link message} stands. @default - none */
  readonly messageExpression?: string;
}

/** Which requests a policy looks at. */
export interface ResourceRule {
  readonly apiGroups: string[];
  readonly apiVersions: string[];
  readonly resources: string[];
  readonly operations: ("CREATE" | "UPDATE" | "DELETE")[];
  readonly scope: "Namespaced" | "Cluster";
}

interface LabelSelector {
  readonly matchLabels?: Record<string, string>;
  readonly matchExpressions?: { readonly key: string; readonly operator: "Exists"; readonly values?: string[] }[];
}

/** What a policy says, beside the form that all of them share. */
export interface PolicyArgs extends PolicyContext {
  /** Name of the policy and of its binding; part of every message that a tenant reads. */
  readonly name: string;
  readonly resourceRules: readonly ResourceRule[];
  /** What of that is not looked at. @default none */
  readonly excludeResourceRules?: readonly ResourceRule[];
  /** Namespaces whose objects are looked at. @default those of tenants */
  readonly namespaceSelector?: LabelSelector;
  /** Labels of objects that are looked at; it is enough that the object had them before. @default all */
  readonly objectSelector?: LabelSelector;
  /** Requests that are looked at; all of these must hold. @default all */
  readonly matchConditions?: readonly NamedExpression[];
  /** What the demands may use as `variables.NAME`. @default none */
  readonly variables?: readonly NamedExpression[];
  readonly validations: readonly Validation[];
}

/** Matches whatever has the label that only the platform gives to tenants' namespaces. */
export const hasTenantLabel: LabelSelector = { matchExpressions: [{ key: TENANT_LABEL, operator: "Exists" }] };

/**
 * A policy and the binding that puts it into force, as plain data.
 *
 * It fails closed: what cannot be judged is refused. Every version of a kind is matched, so that a request by another
 * version is no way around. The reason is always Forbidden: Kubernetes' default is Invalid, at which a Kustomization
 * with `force: true` deletes the object and makes it anew, as it does for messages with the word "immutable".
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function admissionPolicy(args: PolicyArgs) {
  const { name, labels, mode, resourceRules, namespaceSelector = hasTenantLabel, objectSelector } = args;
  const { matchConditions, variables, validations } = args;
  const excludeResourceRules = args.excludeResourceRules?.map((rule) => ({ ...rule }));
  return {
    policy: {
      metadata: { name, labels: { ...labels } },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: {
          resourceRules: resourceRules.map((rule) => ({ ...rule })),
          ...definedOnly({ excludeResourceRules, namespaceSelector, objectSelector }),
        },
        ...definedOnly({
          matchConditions: matchConditions && [...matchConditions],
          variables: variables && [...variables],
        }),
        validations: validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
      },
    },
    binding: {
      metadata: { name, labels: { ...labels } },
      spec: {
        policyName: name,
        // Deny and Warn exclude each other: a refusal says the same words already.
        validationActions: mode === "enforce" ? ["Deny"] : ["Audit", "Warn"],
      },
    },
  };
}

/** A policy with its binding. */
export type AdmissionPolicy = ReturnType<typeof admissionPolicy>;

/**
 * Looks at objects that are new or whose spec changes.
 *
 * Controllers put finalizers on objects and take them off again. An object that is older than the policy could
 * otherwise never be removed, and neither could its namespace.
 */
export const specChanges: NamedExpression = {
  name: "spec-changes",
  expression: "request.operation == 'CREATE' || object.spec != oldObject.spec",
};

/** The same of kinds that are told something in annotations as well; see {@link specChanges} for why not always. */
export const specOrAnnotationsChange: NamedExpression = {
  name: "spec-or-annotations-change",
  expression:
    "request.operation == 'CREATE' || object.spec != oldObject.spec || object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})",
};

/** Looks at kinds of one API group in a namespace whenever one is made or changed. */
export function createOrUpdate(group: string, resources: readonly string[]): ResourceRule {
  return {
    apiGroups: [group],
    apiVersions: ["*"],
    resources: [...resources],
    operations: ["CREATE", "UPDATE"],
    scope: "Namespaced",
  };
}

/**
 * Looks at all kinds in a namespace, their subresources too. Those without a namespace are left out: they pass every
 * namespace selector.
 */
export function allResources(...operations: ResourceRule["operations"]): ResourceRule {
  return { apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"], operations, scope: "Namespaced" };
}

/** A text of CEL, a regular expression for instance. JSON's escapes are all among CEL's. */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** Texts as a list of CEL. JSON's escapes are all among CEL's. */
export function celList(texts: readonly string[]): string {
  return JSON.stringify(texts);
}
