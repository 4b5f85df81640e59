import type { PlainObject, PlainValue } from "../../lib/data/merge.js";
import { type DeclaringFiles, decidingLayer, declares, type Layer } from "../files/location.js";
import { leavesOf } from "./tenant-form.js";

/** Where a value of a tenant comes from. */
export interface Origin {
  /** The layer whose file has the value; `default` for a built-in one. */
  readonly layer: Layer | "default";
  /** The file that decides: with the value, or with null for the default. @default - no file says anything */
  readonly file?: string;
  readonly line?: number | undefined;
}

/** One value of a tenant. */
export interface ValueOrigin extends Origin {
  readonly place: readonly string[];
  readonly value: PlainValue;
}

/** The values of a tenant, each with the file and line that decided it. @param form the tenant with all defaults */
export function originsOf(files: DeclaringFiles, form: PlainObject): ValueOrigin[] {
  return leavesOf(form).map(([place, value]) => ({ place, value, ...originOf(files, place) }));
}

/** Where the value at a place comes from. */
export function originOf(files: DeclaringFiles, place: readonly string[]): Origin {
  const layer = decidingLayer(files, place);
  const decider = layer === undefined ? undefined : decidingField(place);
  if (layer === undefined) {
    const field = decidingField(place);
    return field === undefined ? { layer: "default" } : originOf(files, field);
  }
  const file = files[layer];
  if (file === undefined) throw new Error(`the tenant ${files.name} has no file of the layer ${layer}`);
  // After null, the field that the default depends on decides again.
  if (!declares(file, place) && decider !== undefined) return originOf(files, decider);
  return { layer: declares(file, place) ? layer : "default", file: file.file, line: file.lineOf(place) };
}

/** The field on which a default depends. Undefined for a default that depends on no field of the files. */
export function decidingField(place: readonly string[]): readonly string[] | undefined {
  const [section = "", field = ""] = [place.at(-2), place.at(-1)];
  const sibling = (name: string) => [...place.slice(0, -1), name];
  if (section === "limits" && field !== "size") return sibling("size");
  if (section === "protection" && field === "reviews") return sibling("pullRequest");
  return place[0] === "notifications" && field === "events" ? sibling("type") : undefined;
}
