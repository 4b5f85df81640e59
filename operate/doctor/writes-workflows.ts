import type { FleetSpec } from "../../config/fleet-spec.js";
import { workflowFiles } from "../../policies/workflow-files.js";

/** Whether the first update of a stack writes workflows to any repository. */
export function writesWorkflows(spec: FleetSpec): boolean {
  return workflowFiles(spec, new Map()).length > 0;
}
