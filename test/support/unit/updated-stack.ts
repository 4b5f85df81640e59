import type { FleetSpec } from "../../../config/fleet-spec.js";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { lastUpdate } from "../../../lib/state/last-update.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { tenantDigests } from "../../../policies/tenant-digests.js";
import { checkPromotion } from "../../../preflight/promotion.js";
import type { Part } from "../../../promotion/content.js";
import { provedBefore } from "../../../promotion/proof.js";
import { PLATFORM_REVISION } from "../../../promotion/ready.js";
import { fleetSpec, type Sections, tenantSpec } from "./spec.js";

/** The files of a stack, as far as these tests change them. */
export interface StackFiles {
  /** Sections in the overlay of each tenant that the stack runs. */
  readonly overlays: Readonly<Record<string, Sections>>;
  /** Sections of tenants of which the stack only creates the repositories. */
  readonly elsewhere?: Readonly<Record<string, Sections>>;
  /** Names of the secrets that all tenants have, which are a setting of the stack. */
  readonly secrets?: readonly string[];
  /** Content of the base file of each tenant. @default "1" */
  readonly base?: string;
  /** Digest of the program. @default "1" */
  readonly program?: string;
  /** Major version of the chart in the first files of repositories, a setting of the stack. @default - no chart */
  readonly chart?: number;
  /** @default "v2.9.2" */
  readonly flux?: string;
  /** Commit that the platform is pinned to. @default - it follows a branch */
  readonly commit?: string;
}

/** The part of a stack that an update changes. @default - the whole stack */
export interface UpdateOptions {
  /** The tenant that the update is limited to. */
  readonly only?: string;
  readonly leftOut?: readonly string[];
  readonly override?: NonNullable<FleetSpec["promotion"]["override"]>;
}

const freeze = { from: "2026-02-01T00:00", until: "2026-03-01T00:00", reason: "Closing", timeZone: "UTC" };
const [open, frozen] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 2)];

/** A stack without predecessor, whose updates record what the program's do. It has a freeze in February. */
export class UpdatedStack {
  #state: StackState = {};
  #now = open;

  /** The proof of the last update. */
  get proved() {
    return provedBefore(this.#state);
  }

  /** An update in January. */
  async update(files: StackFiles, options: UpdateOptions = {}): Promise<void> {
    this.#now += 60_000;
    const { spec, registered, result } = await this.#check(files, options, this.#now);
    const { only, leftOut = [] } = options;
    const isUpdated = (name: string) => (only === undefined ? !leftOut.includes(name) : name === only);
    const entries = (all: Readonly<Record<string, string>>, isMeant: (name: string) => boolean) =>
      Object.entries(all).filter(([name]) => isMeant(name));
    const kept = entries(lastUpdate(this.#state)?.digests.tenants ?? {}, (name) =>
      only === undefined ? leftOut.includes(name) : name !== only,
    );
    const tenants = Object.fromEntries([...kept, ...entries(tenantDigests(registered), isUpdated)]);
    const input = { ...result.next(this.#now), digests: { parts: {}, tenants } };
    const urn = (rest: string) => `urn:pulumi:${spec.stack}::fleet::${rest}`;
    this.#state = {
      [urn("pulumi:pulumi:Stack::fleet")]: { type: "pulumi:pulumi:Stack", outputs: {} },
      [urn("pulumi:index:Stash::fleet-proved")]: { type: "pulumi:index:Stash", outputs: { input } },
    };
  }

  /** The refusal of an update in the freeze, and nothing for one that passes. */
  refusalInFreeze(files: StackFiles, options: UpdateOptions = {}): Promise<string> {
    return this.#refusal(files, options, frozen);
  }

  /** The refusal of an update in January. */
  refusal(files: StackFiles, options: UpdateOptions = {}): Promise<string> {
    return this.#refusal(files, options, this.#now);
  }

  /** The sentences of a preview in January. */
  async preview(files: StackFiles, options: UpdateOptions = {}): Promise<readonly string[]> {
    return (await this.#check(files, options, this.#now, true)).result.refusals;
  }

  async #refusal(files: StackFiles, options: UpdateOptions, now: number): Promise<string> {
    try {
      await this.#check(files, options, now);
    } catch (error) {
      if (error instanceof FleetError) return error.message;
      throw error;
    }
    return "";
  }

  async #check(files: StackFiles, options: UpdateOptions, now: number, isPreview = false) {
    const { only, leftOut = [], override } = options;
    const promotion = { needs: "applied", soak: "0s", freezes: [freeze], longestOverride: "2160h" } as const;
    const spec = specOf(files, override === undefined ? promotion : { ...promotion, override });
    const had = Object.keys(lastUpdate(this.#state)?.digests.tenants ?? {});
    const tenants = spec.tenants.filter(({ name }) => !leftOut.includes(name) || had.includes(name));
    const registered = { ...spec, tenants };
    const result = await checkPromotion(spec, {
      content: contentOf(files),
      state: async () => this.#state,
      outputs: async () => ({}),
      now: () => now,
      isPreview,
      only,
      leftOut,
      registered,
    });
    return { spec, registered, result };
  }
}

function specOf(files: StackFiles, promotion: FleetSpec["promotion"]): FleetSpec {
  const { overlays, elsewhere = {}, secrets = [], flux: version = "v2.9.2", commit, chart: major } = files;
  const { flux, platform, scaffold } = fleetSpec();
  const chart = major === undefined ? undefined : { url: "oci://ghcr.io/acme/charts/web", major };
  const specs = (all: StackFiles["overlays"]) =>
    Object.entries(all).map(([name, sections]) => tenantSpec(name, sections));
  const common = { configMaps: {}, secrets, pullSecrets: {} };
  return fleetSpec({
    flux: { ...flux, version },
    platform: { ...platform, ...definedOnly({ commit }) },
    scaffold: { ...scaffold, ...definedOnly({ chart }) },
    tenants: specs(overlays),
    tenantsElsewhere: specs(elsewhere),
    common,
    promotion,
  });
}

function contentOf(files: StackFiles): readonly Part[] {
  const { overlays, elsewhere = {}, secrets = [], chart, base = "1", program = "1", flux = "v2.9.2", commit } = files;
  const without = (tenants: readonly string[]) =>
    JSON.stringify([secrets, chart, Object.entries(overlays).filter(([name]) => !tenants.includes(name))]);
  const at = { file: "Pulumi.staging.yaml", path: "" };
  return [
    { kind: "flux", name: "", value: `${flux} sha256:1`, ...at },
    ...(commit === undefined ? [] : [{ kind: "revision", name: PLATFORM_REVISION, value: commit, ...at } as const]),
    { kind: "program", name: "", value: program, ...at },
    ...Object.keys(overlays).map((name): Part => ({ kind: "tenant", name, value: base, ...at })),
    { kind: "settings", name: "", value: without([]), without, ...at },
    { kind: "elsewhere", name: "", value: JSON.stringify(elsewhere), ...at },
  ];
}
