import type { TenantSpec } from "../../config/tenant/schema.js";

type Sync = TenantSpec["syncs"][number];

/** An exception of syncs that one command writes into an overlay, and another one ends. */
export interface ExceptionKind {
  /** Command that begins it, and the one that ends it. */
  readonly commands: { readonly begin: "suspend" | "freeze"; readonly end: string };
  /** The verb of a sentence about a file: `suspends`. */
  readonly verb: string;
  /** Fields of a sync that declare it. */
  readonly fields: readonly (keyof Sync)[];
  readonly isOn: (sync: Sync) => boolean;
  /** The work that Flux does meanwhile, for `--help`. */
  readonly effect: string;
}

/** The exceptions with commands of their own. */
export const exceptionKinds: readonly ExceptionKind[] = [
  {
    commands: { begin: "suspend", end: "resume" },
    verb: "suspends",
    fields: ["suspend", "suspendUntil"],
    isOn: ({ suspend }) => suspend,
    effect: "Flux then applies nothing and reverts nothing, and workloads go on running",
  },
  {
    commands: { begin: "freeze", end: "unfreeze" },
    verb: "freezes",
    fields: ["freeze"],
    isOn: ({ freeze }) => freeze !== undefined,
    effect:
      "Flux then fetches no new revision and goes on applying the fetched one; with the primary sync, image updates and the tenant's Helm sources stand still too",
  },
];
