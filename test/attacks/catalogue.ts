import type { Attack } from "./attack.js";
import { accounts } from "./catalogue/accounts.js";
import { addons } from "./catalogue/addons.js";
import { controllerAttacks } from "./catalogue/controllers.js";
import { crossing } from "./catalogue/crossing.js";
import { escalation } from "./catalogue/escalation.js";
import { escapes } from "./catalogue/escape.js";
import { exposedServices } from "./catalogue/exposed-services.js";
import { flooding } from "./catalogue/flooding.js";
import { gitAttacks } from "./catalogue/git.js";
import { hosts } from "./catalogue/hosts.js";
import { backendAttacks, ingressReach, pathAttacks } from "./catalogue/ingress-reach.js";
import { references } from "./catalogue/references.js";
import { removals } from "./catalogue/removal.js";
import { repositoryContent } from "./catalogue/repository-content.js";
import { robotAttacks } from "./catalogue/robot.js";
import { supplyChain } from "./catalogue/supply-chain.js";
import { tampering } from "./catalogue/tampering.js";

/** Every attack of the suite. */
export const attacks: readonly Attack[] = [
  ...escalation,
  ...accounts,
  ...robotAttacks,
  ...controllerAttacks,
  ...crossing,
  ...addons,
  ...hosts,
  ...ingressReach,
  ...backendAttacks,
  ...pathAttacks,
  ...references,
  ...tampering,
  ...removals,
  ...escapes,
  ...exposedServices,
  ...flooding,
  ...supplyChain,
  ...repositoryContent,
  ...gitAttacks,
];
