import { compareVersions } from "../../lib/data/compare-versions.js";
import type { Check } from "./check.js";

/** A program on this machine. */
export interface Tool {
  readonly name: string;
  /** Its version. Undefined when it does not start. */
  readonly version: string | undefined;
  /** Purpose, after "for". */
  readonly purpose: string;
  /** Whether `pulumi up` needs it. */
  readonly isRequired: boolean;
}

/** Whether this Node is one that package.json allows. @param engines `>=20.19` */
export function judgeNode(version: string, engines: string): Check {
  const [needed = ""] = /[0-9.]+/.exec(engines) ?? [];
  const check = { area: "tools", name: "Node", detail: version } as const;
  if (compareVersions(version, needed) >= 0) return { ...check, result: "ok" };
  return { ...check, result: "problem", detail: `${version} is too old`, fix: `Install Node ${needed} or newer` };
}

/** Whether a program is there. */
export function judgeTool({ name, version, purpose, isRequired }: Tool): Check {
  if (version !== undefined) return { area: "tools", name, result: "ok", detail: version };
  const result = isRequired ? "problem" : "warning";
  const fix = `Install ${name}, or add it to PATH: it is for ${purpose}`;
  return { area: "tools", name, result, detail: "is not on PATH", fix };
}
