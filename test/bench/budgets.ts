/** A count, and its limit. */
export interface Budget {
  readonly what: string;
  readonly counted: number;
  readonly atMost: number;
}

/** The counts that have budgets. They are no times, so they are the same on every machine. */
export interface Counted {
  /** Resources of the tenant with the most. */
  readonly resources: number;
  /** GitHub requests at the creation of the tenant with the most. */
  readonly creationRequests: number;
  /** GitHub requests of a no-change preview for the tenant with the most. */
  readonly previewRequests: number;
  /** Requests to GitHub of a preview without changes. */
  readonly previewOnGitHub: number;
  /** Requests to the API server of a preview without changes. */
  readonly previewOnKubernetes: number;
  /** Requests to GitHub of an update that changes one tenant. */
  readonly changeOnGitHub: number;
  /** Requests to the API server of an update that changes one tenant. */
  readonly changeOnKubernetes: number;
}

/** The budgets of a default tenant; docs/benchmarks.md shows them beside the counts. */
export function budgetsOf(counted: Counted): Budget[] {
  return [
    { what: "Resources per tenant", counted: counted.resources, atMost: 25 },
    { what: "GitHub requests per tenant at creation", counted: counted.creationRequests, atMost: 16 },
    { what: "GitHub requests per tenant of a no-change preview", counted: counted.previewRequests, atMost: 0 },
    { what: "GitHub requests of a no-change preview", counted: counted.previewOnGitHub, atMost: 5 },
    { what: "Kubernetes requests of a no-change preview", counted: counted.previewOnKubernetes, atMost: 26 },
    { what: "GitHub requests of a one-tenant change", counted: counted.changeOnGitHub, atMost: 10 },
    { what: "Kubernetes requests of a one-tenant change", counted: counted.changeOnKubernetes, atMost: 76 },
  ];
}

/** Whether the count is within the budget. */
export function isKept({ counted, atMost }: Budget): boolean {
  return counted <= atMost;
}
