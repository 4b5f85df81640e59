import type { FleetSpec } from "../../config/fleet-spec.js";
import type { Scaffold } from "../../config/tenant/repositories/scaffolds.js";
import { helmFiles } from "./helm.js";
import type { Files } from "./kustomization.js";
import { kustomizeFiles } from "./kustomize.js";
import { minimalFiles } from "./minimal.js";

const scaffolds: Readonly<Record<Scaffold, (spec: FleetSpec) => Files>> = {
  helm: helmFiles,
  kustomize: kustomizeFiles,
  minimal: minimalFiles,
};

/**
 * The first files of a tenant's repository, with a folder for each stack, so that the first sync of every cluster becomes
 * Ready.
 */
export function tenantScaffold(scaffold: Scaffold, spec: FleetSpec): Files {
  return scaffolds[scaffold](spec);
}
