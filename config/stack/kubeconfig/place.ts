import type { Problem } from "../../../lib/diagnostics/problem.js";
import { formatPath, type Path } from "../../../lib/diagnostics/zod-issues.js";
import type { KubeconfigFile } from "./files.js";

/** A place in a kubeconfig. */
export interface Place {
  readonly file: string;
  /** The problem of a field below this place, dotted. */
  readonly problem: (field: string, message: string, fix?: string) => Problem;
}

/** The place of some steps in a kubeconfig. */
export function placeIn({ file, lineOf }: KubeconfigFile, base: Path): Place {
  const problem = (field: string, message: string, fix?: string): Problem => {
    const place = [...base, ...field.split(".")];
    return { file, line: lineOf(place), path: formatPath(place), message, fix };
  };
  return { file, problem };
}
