import type { FleetSpec } from "../../../config/fleet-spec.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { fleetLabels, TENANT_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { type Kinds, kinds } from "../../kinds.js";

/** CEL expressions by name. */
export type Expressions = Readonly<Record<string, string>>;

/** One check of a request. */
export interface Validation {
  /** CEL that is true when the request passes. */
  readonly expression: string;
  /** The problem and its fix, for the tenant. One line, without "immutable": see {@link admissionPolicy}. */
  readonly message: string;
  /** CEL for a more detailed message; {@link message} is used if it fails. @default - none */
  readonly messageExpression?: string;
}

/** Kinds and operations that a policy selects. */
export interface ResourceRule extends Kinds {
  readonly apiVersions: string[];
  readonly operations: ("CREATE" | "UPDATE" | "DELETE")[];
  readonly scope: "Namespaced" | "Cluster";
}

interface LabelSelector {
  readonly matchLabels?: Record<string, string>;
  readonly matchExpressions?: { readonly key: string; readonly operator: "Exists" }[];
}

/** The content of a policy, with the field names of Kubernetes. */
export interface PolicyDefinition {
  /** Name of the policy and of its binding; part of every message that a tenant reads. */
  readonly name: string;
  readonly resourceRules: ResourceRule[];
  /** Requests that are excluded from {@link resourceRules}. @default none */
  readonly excludeResourceRules?: ResourceRule[];
  /** Annotations of the policy, for reviews. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Namespaces whose objects are selected. @default those of tenants */
  readonly namespaceSelector?: LabelSelector;
  /** Labels of selected objects, before or after the request. @default all */
  readonly objectSelector?: LabelSelector;
  /**
   * Objects of the request's namespace that expressions may read as `params`: the validations are checked once for each
   * that has these labels. A namespace without any passes. @default none
   */
  readonly params?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly matchLabels: Record<string, string>;
  };
  /** Conditions on selected requests, which must all hold. @default none */
  readonly matchConditions?: Expressions;
  /** Expressions that later ones may use as `variables.NAME`, computed once a request, on first use. @default none */
  readonly variables?: Expressions;
  readonly validations: readonly Validation[];
}

/** Selects objects with the tenant label, which only the platform sets on namespaces. */
export const hasTenantLabel: LabelSelector = { matchExpressions: [{ key: TENANT_LABEL, operator: "Exists" }] };

/** A policy with its binding. */
export type AdmissionPolicy = ReturnType<typeof admissionPolicy>;

/**
 * A ValidatingAdmissionPolicy and its binding, as plain data. It fails closed: a request that cannot be evaluated is
 * refused. The reason is always Forbidden, because Kubernetes' default is Invalid: a Kustomization with `force: true`
 * deletes and recreates an object after that reason, and after messages with the word "immutable".
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export function admissionPolicy({ stack, admission }: Pick<FleetSpec, "stack" | "admission">, args: PolicyDefinition) {
  const {
    name,
    resourceRules,
    excludeResourceRules,
    namespaceSelector = hasTenantLabel,
    objectSelector,
    params,
  } = args;
  const metadata = { name, labels: fleetLabels(stack) };
  return {
    policy: {
      metadata: { ...metadata, ...definedOnly({ annotations: args.annotations }) },
      spec: {
        failurePolicy: "Fail",
        ...(params && { paramKind: { apiVersion: params.apiVersion, kind: params.kind } }),
        matchConstraints: definedOnly({ resourceRules, excludeResourceRules, namespaceSelector, objectSelector }),
        ...definedOnly({ matchConditions: listOf(args.matchConditions), variables: listOf(args.variables) }),
        validations: args.validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
      },
    },
    binding: {
      metadata,
      spec: {
        policyName: name,
        ...(params && {
          paramRef: { selector: { matchLabels: params.matchLabels }, parameterNotFoundAction: "Allow" },
        }),
        // Deny and Warn exclude each other: a refusal has the same text already.
        validationActions: admission.mode === "enforce" ? ["Deny"] : ["Audit", "Warn"],
      },
    },
  };
}

function listOf(expressions: Expressions | undefined) {
  return expressions && Object.entries(expressions).map(([name, expression]) => ({ name, expression }));
}

/** Namespaced kinds that are created or updated. */
export function createOrUpdate(...kinds: readonly Kinds[]): ResourceRule[] {
  return resourceRules(kinds, ["CREATE", "UPDATE"]);
}

/** Every change of namespaced kinds. */
export function everyChange(...kinds: readonly Kinds[]): ResourceRule[] {
  return resourceRules(kinds, ["CREATE", "UPDATE", "DELETE"]);
}

/**
 * Rules that select kinds by operation, in every version, so that another version is no way around the policy.
 * Cluster-scoped kinds are left out by default, because they match every namespace selector.
 */
export function resourceRules(
  kinds: readonly Kinds[],
  operations: ResourceRule["operations"],
  scope: ResourceRule["scope"] = "Namespaced",
): ResourceRule[] {
  return kinds.map((selected) => ({ ...selected, apiVersions: ["*"], operations, scope }));
}

/** All kinds with their subresources. */
export const allKinds = kinds("*", "*/*");
