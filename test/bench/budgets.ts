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
}

/** The budgets of a default tenant; docs/benchmarks.md shows them beside the counts. */
export function budgetsOf({ resources, creationRequests, previewRequests }: Counted): Budget[] {
  return [
    { what: "Resources per tenant", counted: resources, atMost: 25 },
    { what: "GitHub requests per tenant at creation", counted: creationRequests, atMost: 16 },
    { what: "GitHub requests per tenant of a no-change preview", counted: previewRequests, atMost: 0 },
  ];
}

/** Whether the count is within the budget. */
export function isKept({ counted, atMost }: Budget): boolean {
  return counted <= atMost;
}
