/** What was counted, and how many there may be. */
export interface Budget {
  readonly what: string;
  readonly counted: number;
  readonly atMost: number;
}

/** What budgets are about: all counts, no times, so that they hold on any machine. */
export interface Counted {
  /** Resources of the dearest tenant. */
  readonly resources: number;
  /** GitHub requests by which the dearest tenant is created. */
  readonly creationRequests: number;
  /** GitHub requests of a no-change preview for the dearest tenant. */
  readonly previewRequests: number;
}

/** The budgets of a default tenant; docs/benchmarks.md has them beside what was counted. */
export function budgetsOf({ resources, creationRequests, previewRequests }: Counted): Budget[] {
  return [
    { what: "Resources per tenant", counted: resources, atMost: 25 },
    { what: "GitHub requests per tenant at creation", counted: creationRequests, atMost: 16 },
    { what: "GitHub requests per tenant of a no-change preview", counted: previewRequests, atMost: 0 },
  ];
}

/** Whether no more was counted than there may be. */
export function isKept({ counted, atMost }: Budget): boolean {
  return counted <= atMost;
}
