import * as pulumi from "@pulumi/pulumi";
import { FleetError } from "../lib/diagnostics/problem.js";
import type { LastUpdate } from "../lib/state/last-update.js";
import { digestOf } from "../policies/tenant-digests.js";

/**
 * The parts of a stack that tenants share, with a digest of each. An update of one tenant leaves these parts as they are,
 * so it needs to know whether they would change.
 */
export class SharedParts {
  readonly #inputs = new Map<string, string[]>();
  #part: string | undefined;

  /** Notes each resource of a part. It must come before transformations that depend on the cluster or on the state. */
  readonly transformation: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
    if (this.#part === undefined) return undefined;
    const { ignoreChanges = [] } = opts as pulumi.CustomResourceOptions;
    const compared = Object.entries(props).filter(([key]) => !ignoreChanges.includes(key));
    this.#inputs.get(this.#part)?.push(JSON.stringify([type, name, plain(Object.fromEntries(compared))]));
    return undefined;
  };

  /**
   * Registers a part.
   * @param name for users, as in: "the platform's sync"
   * @param computed plain data that inputs are computed from, together with outputs of other resources @default - none
   */
  register<Part>(name: string, part: () => Part, ...computed: readonly unknown[]): Part {
    this.#inputs.set(name, [JSON.stringify(computed)]);
    this.#part = name;
    try {
      return part();
    } finally {
      this.#part = undefined;
    }
  }

  /** The digest of each part, whatever the order of its resources. Outputs of other resources do not count. */
  get digests(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#inputs].map(([name, inputs]) => [name, digestOf([...inputs].sort())]));
  }

  /** @throws FleetError if a part differs from the last update of the whole stack */
  requireUnchanged({ digests }: LastUpdate): void {
    const names = [...new Set([...Object.keys(this.digests), ...Object.keys(digests.parts)])];
    const changed = names.filter((name) => this.digests[name] !== digests.parts[name]);
    if (changed.length === 0) return;
    const problems = changed.map((name) => ({
      file: "fleet up",
      path: "--tenant",
      message: `would leave out changes of parts that all tenants share: ${name}`,
      fix: "Run pulumi up, which updates the whole stack",
    }));
    throw new FleetError(problems);
  }
}

/** A copy of inputs in which each value that is not known yet is null. */
function plain(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.Resource.isInstance(value)) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
}
