import type { AdmissionMode } from "../../../config/stack/admission-schema.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { TENANT_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { cel } from "./cel.js";

/** The settings that all policies of a stack share. */
export interface PolicyContext {
  /** Labels of the policy and of its binding. */
  readonly labels: Readonly<Record<string, string>>;
  readonly mode: AdmissionMode;
}

/** A CEL expression with a name: a variable, or a match condition. Variables are computed once a request, on first use. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/** One check of a request. */
export interface Validation {
  /** CEL that is true when the request passes. */
  readonly expression: string;
  /** The problem and its fix, for the tenant. One line, without "immutable": see {@link admissionPolicy}. */
  readonly message: string;
  /** CEL for a more detailed message; {@link message} is used if it fails. @default - none */
  readonly messageExpression?: string;
}

/** The requests that a policy selects. */
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

/** The content of a policy, with the field names of Kubernetes. */
export interface PolicyArgs extends PolicyContext {
  /** Name of the policy and of its binding; part of every message that a tenant reads. */
  readonly name: string;
  readonly resourceRules: readonly ResourceRule[];
  /** Requests that are excluded from {@link resourceRules}. @default none */
  readonly excludeResourceRules?: readonly ResourceRule[];
  /** Namespaces whose objects are selected. @default those of tenants */
  readonly namespaceSelector?: LabelSelector;
  /** Labels of selected objects, before or after the request. @default all */
  readonly objectSelector?: LabelSelector;
  /** Conditions on selected requests, which must all hold. @default none */
  readonly matchConditions?: readonly NamedExpression[];
  /** Expressions that validations may use as `variables.NAME`. @default none */
  readonly variables?: readonly NamedExpression[];
  readonly validations: readonly Validation[];
}

/** Selects objects with the tenant label, which only the platform sets on namespaces. */
export const hasTenantLabel: LabelSelector = { matchExpressions: [{ key: TENANT_LABEL, operator: "Exists" }] };

/**
 * A ValidatingAdmissionPolicy and its binding, as plain data.
 *
 * The policy fails closed: a request that cannot be evaluated is refused. It selects every version of a kind, so that
 * another version is no way around it. The reason is always Forbidden, because Kubernetes' default is Invalid: a
 * Kustomization with `force: true` deletes and recreates an object after that reason, and after messages with the word
 * "immutable".
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
        // Deny and Warn exclude each other: a refusal has the same text already.
        validationActions: mode === "enforce" ? ["Deny"] : ["Audit", "Warn"],
      },
    },
  };
}

/** A policy with its binding. */
export type AdmissionPolicy = ReturnType<typeof admissionPolicy>;

/**
 * Selects objects that are new or whose spec changes.
 *
 * Controllers add and remove finalizers. Without this condition an object that is older than the policy could never be
 * removed, and neither could its namespace.
 */
export const specChanges: NamedExpression = {
  name: "spec-changes",
  expression: "request.operation == 'CREATE' || object.spec != oldObject.spec",
};

/** As {@link specChanges}, for kinds that are configured by annotations as well. */
export const specOrAnnotationsChange: NamedExpression = {
  name: "spec-or-annotations-change",
  expression: cel`
    request.operation == 'CREATE'
    || object.spec != oldObject.spec
    || object.metadata.?annotations.orValue({}) != oldObject.metadata.?annotations.orValue({})
  `,
};

/** Selects namespaced kinds of one API group when they are created or updated. */
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
 * Selects all namespaced kinds with their subresources. Cluster-scoped kinds are left out, because they match every
 * namespace selector.
 */
export function allResources(...operations: ResourceRule["operations"]): ResourceRule {
  return { apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"], operations, scope: "Namespaced" };
}
