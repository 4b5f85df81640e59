import { createHash } from "node:crypto";
import { declaringFiles, groupOf } from "../config/files/declaring-files.js";
import type { DeclaringFiles } from "../config/files/location.js";
import { readFolder } from "../config/files/read-folder.js";
import { readTenantFiles, type TenantFiles } from "../config/files/tenant-files.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { placedParts } from "../config/tenant/parts.js";
import { type LockEntry, lockedVersion, readLock } from "../flux/release/lock.js";
import { canonicalJson } from "../flux/release/manifest-digest.js";
import { definedOnly } from "../lib/data/defined-only.js";
import { findCharts } from "./charts.js";
import { type MergedTenant, mergedTenant } from "./merged-tenant.js";
import { platformSettings } from "./platform-settings.js";
import { programDigest } from "./program-digest.js";
import { PLATFORM_REVISION, revisionName, sourceText } from "./ready.js";

/** One part of a stack that is promoted: its name in words, its value, and the place that decides it. */
export interface Part {
  readonly kind: "flux" | "program" | "tenant" | "chart" | "revision" | "settings" | "elsewhere";
  /** Name of a tenant, of a chart's object, or of a source in `fleet wait`'s record. Empty for a part that a stack has once. */
  readonly name: string;
  /** A version, a digest, a commit or a tag. */
  readonly value: string;
  /** Group that a tenant's base file names. @default - none, or no tenant */
  readonly group?: string | undefined;
  /** The values of a tenant on the stack, all its files merged. @default - no tenant */
  readonly merged?: MergedTenant | undefined;
  /** Returns the value of the settings without the overlays of tenants. @default - no settings */
  readonly without?: ((tenants: readonly string[]) => string) | undefined;
  readonly file: string;
  readonly line?: number | undefined;
  readonly path: string;
}

/**
 * The parts of which a stack is made, as its files say them. Values are versions, or digests of everything that counts.
 *
 * - Flux: the version, and a digest of its whole entry in the lock: the manifest's digest, and the images by digest.
 * - The program: {@link programDigest}.
 * - A tenant: the data of its base file, and of the group that it names, which reaches all stacks as the base file does.
 *   Comments, quotes and the order of keys decide nothing, so they change nothing. Its merged values say which of them count
 *   on the stack.
 * - A chart: the version of each HelmRelease, HelmChart and OCIRepository of `fleet/` that the cluster starts from.
 * - A revision: the commit or tag that the platform, or a sync of a tenant, is pinned to.
 * - The settings: everything else that decides on the stack, its defaults and overlays among them, without secret values and
 *   the settings of promotion themselves. No other stack has them, so only a freeze compares them.
 * - The tenants of which the stack only creates the repositories. A change of them changes nothing else of the stack, and
 *   only a freeze compares them, too.
 */
export function readContent(root: string, spec: FleetSpec): readonly Part[] {
  const { stack, flux, tenants } = spec;
  const stackFile = `Pulumi.${stack}.yaml`;
  const lock = lockedVersion(readLock(root), flux.version);
  const files = readTenantFiles(root, stack);
  const settings = (without: readonly string[]) => digestOf(ownSettings(files, spec, without));
  return [
    {
      kind: "flux",
      name: "",
      value: fluxValue(flux.version, lock),
      file: stackFile,
      path: "fleet:fluxVersion",
    },
    { kind: "program", name: "", value: programDigest(root), file: "index.ts", path: "" },
    ...tenants.map(({ name }) => tenantPart(filesOf(files, name))),
    ...findCharts(readFolder(root, "fleet"), spec).map(({ name, value, file, line, path }): Part => {
      return { kind: "chart", name, value, file, line, path };
    }),
    ...pinnedRevisions(spec),
    { kind: "settings", name: "", value: settings([]), without: settings, file: stackFile, path: "" },
    ...(spec.github.ownsRepositories
      ? [{ kind: "elsewhere", name: "", value: digestOf(spec.tenantsElsewhere), file: stackFile, path: "" } as const]
      : []),
  ];
}

/** The base file of a tenant, with the group that it names, and its values on the stack of the files. */
export function tenantPart(files: DeclaringFiles): Part {
  const { name, base } = files;
  const group = groupOf(base);
  const value = digestOf(group === undefined ? base.data : [base.data, files.group?.data ?? null]);
  return { kind: "tenant", name, value, group, merged: mergedTenant(files), file: base.file, path: "" };
}

/** The files of a tenant that a stack runs. */
export function filesOf(files: TenantFiles, tenant: string): DeclaringFiles {
  const found = declaringFiles(files, tenant);
  if (found === undefined) throw new Error(`no base file names the tenant ${tenant}`);
  return found;
}

function pinnedRevisions({ stack, platform: { commit, tag }, tenants }: FleetSpec): readonly Part[] {
  const ofPlatform = {
    file: `Pulumi.${stack}.yaml`,
    path: `fleet:platformRevision.${commit === undefined ? "tag" : "commit"}`,
  };
  const pinned = commit ?? tag;
  return [
    ...(pinned === undefined
      ? []
      : [{ kind: "revision", name: PLATFORM_REVISION, value: pinned, ...ofPlatform } as const]),
    ...tenants.flatMap(({ name, syncs }) =>
      placedParts("sync", syncs).flatMap(({ name: sync, ref, place }): Part[] => {
        const value = ref.commit ?? ref.tag;
        if (value === undefined) return [];
        const file = `stacks/${stack}/tenants/${name}.yaml`;
        return [{ kind: "revision", name: revisionName(name, sync), value, file, path: [...place, "ref"].join(".") }];
      }),
    ),
  ];
}

/**
 * Everything that decides on this stack alone. Consents to take over or to archive what exists are no content: they are
 * given for one update and removed again.
 * @param without tenants whose overlays do not count
 */
function ownSettings(files: TenantFiles, spec: FleetSpec, without: readonly string[]): object {
  const {
    flux,
    platform,
    tenants,
    scaffold,
    promotion: _promotion,
    adopt: _adopt,
    repositoryIds: _ids,
    unreadableStacks: _unreadable,
    ...rest
  } = spec;
  const { version: _version, ...fluxSettings } = flux;
  const counted = tenants.filter(({ name }) => !without.includes(name));
  const overlays = counted.map(({ name }) => [name, files.overlays.get(name)?.data]);
  const defaults = files.defaults?.data ?? null;
  // A stack without such a setting or file keeps the digest that it has proved.
  const settings = { ...rest, ...definedOnly({ scaffoldChart: scaffold.chart }), tenantsElsewhere: [] };
  const own = { fluxSettings, ...settings, platform: platformSettings(platform), overlays };
  return defaults === null ? own : { ...own, defaults };
}

/** The value of Flux: its version, and a digest of its entry in the lock. */
export function fluxValue(version: string, entry: LockEntry): string {
  return `${version} ${digestOf(entry)}`;
}

/** A part in words, for messages. */
export function describePart({ kind, name, value, group }: Pick<Part, "kind" | "name" | "value" | "group">): string {
  switch (kind) {
    case "flux":
      return `Flux ${value.split(" ", 1)[0]} as flux.lock.json pins it`;
    case "program":
      return "this version of the program";
    case "tenant":
      return `this base file of the tenant ${name}${group === undefined ? "" : ` with this file of its group ${group}`}`;
    case "chart":
      return `${name} with the chart ${value}`;
    case "revision":
      return name === PLATFORM_REVISION
        ? `the platform's ${/^[0-9a-f]{40}$/.test(value) ? "commit" : "tag"} ${value}`
        : `the revision ${value} of ${sourceText(name)}`;
    case "settings":
      return "the settings, defaults and overlays of the stack";
    case "elsewhere":
      return "the repositories of tenants that only other stacks run";
  }
}

function digestOf(value: unknown): string {
  return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}
