import type { Check } from "./check.js";

/** The cluster of the current context, which `pulumi up` changes. */
export interface ClusterFacts {
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** Version of Kubernetes, or why the cluster did not answer. */
  readonly answer: { readonly version: string } | { readonly reason: string };
  /** Stack that Flux's namespace names; undefined when there is no Flux, or one of no stack. */
  readonly stack: string | undefined;
  /** Whether Flux's namespace exists. */
  readonly hasFlux: boolean;
  /** Whether the account may do everything. Undefined when that could not be asked. */
  readonly mayDoAll: boolean | undefined;
}

/** Whether the cluster of KUBECONFIG is that of a stack, and ready for `pulumi up`. */
export function judgeCluster(stack: string, facts: ClusterFacts): readonly Check[] {
  const { context, server, answer } = facts;
  const area = "cluster";
  if ("reason" in answer) {
    const fix = "Check KUBECONFIG, its current context, the network and the login";
    return [{ area, name: "API server", result: "problem", detail: `${server} (${context}): ${answer.reason}`, fix }];
  }
  const detail = `Kubernetes ${answer.version} at ${server} (${context})`;
  return [{ area, name: "API server", result: "ok", detail }, ownerCheck(stack, facts), rightsCheck(facts)];
}

function ownerCheck(stack: string, { context, hasFlux, stack: owner }: ClusterFacts): Check {
  const check = { area: "cluster", name: "stack" } as const;
  if (owner === stack) return { ...check, result: "ok", detail: `the cluster is that of ${stack}` };
  if (!hasFlux) return { ...check, result: "ok", detail: "the cluster has no Flux yet, so any stack may begin here" };
  const whose = owner === undefined ? "has a Flux that no stack installed" : `is that of the stack ${owner}`;
  const fix = `Choose the context of ${stack}: kubectl config use-context NAME`;
  return { ...check, result: "problem", detail: `the cluster of the context ${context} ${whose}`, fix };
}

function rightsCheck({ mayDoAll }: ClusterFacts): Check {
  const check = { area: "cluster", name: "rights" } as const;
  if (mayDoAll === true) return { ...check, result: "ok", detail: "the account may do everything" };
  const fix = "Use an account with the ClusterRole cluster-admin for pulumi up; a preview needs less";
  if (mayDoAll === false) return { ...check, result: "problem", detail: "the account may not do everything", fix };
  return { ...check, result: "warning", detail: "are unknown: kubectl could not ask", fix };
}
