import type { Script } from "node:vm";

/** A script whose value is the function of a CommonJS module. */
export function moduleScript(filename: string, text: string, cachedData?: Uint8Array): Script;
