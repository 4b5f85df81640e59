import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Part, readContent } from "../../../promotion/content.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { withTree } from "./checkout-tree.js";
import { root } from "./fleet.js";
import { start } from "./promotion-gate.js";
import { fleetSpec, tenantSpec } from "./spec.js";
import type { Tree } from "./tree-files.js";

/** A group that the tenant team-a may name. The tenant is on staging, and on prod-eu, which follows it. */
export const group = "stacks/groups/web.yaml";
/** The tenant's base file. */
export const base = "stacks/base/tenants/team-a.yaml";
/** Its overlays. */
export const overlays = { staging: "stacks/staging/tenants/team-a.yaml", prod: "stacks/prod-eu/tenants/team-a.yaml" };
/** The defaults of each stack. */
export const defaults = { staging: "stacks/staging/defaults.yaml", prod: "stacks/prod-eu/defaults.yaml" };
const sound: Tree = {
  "flux.lock.json": readFileSync(join(root, "flux.lock.json"), "utf8"),
  "fleet/README.md": "For Flux.\n",
  [base]: "name: team-a\n",
  [overlays.staging]: "{}\n",
  [overlays.prod]: "{}\n",
};

/** The parts of a stack that count here: the tenant, and the stack's own settings. */
export function contentOf(stack: "staging" | "prod-eu", files: Tree): readonly Part[] {
  const spec = fleetSpec({ stack, tenants: [tenantSpec("team-a")] });
  const parts = withTree({ ...programFolders, ...sound, ...files }, (folder) => readContent(folder, spec));
  return parts.filter(({ kind }) => kind === "tenant" || kind === "settings");
}

const programFolders = Object.fromEntries(
  ["cli/program", "components", "config", "flux", "lib", "policies", "preflight", "promotion"].map((folder) => {
    return [`${folder}/one.ts`, "export {};\n"];
  }),
);

/** The proof of an update. @param before the proof before it */
export function proofOf(content: readonly Part[], before?: Proof, now = start): Proof {
  return nextProof({ before, content, now });
}

/** A base file with a limit. */
export const limited = { [base]: "name: team-a\nlimits:\n  pods: 33\n" };
