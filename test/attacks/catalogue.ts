import type { Attack } from "./attack.js";
import { crossing } from "./catalogue/crossing.js";
import { escalation } from "./catalogue/escalation.js";
import { escapes } from "./catalogue/escape.js";
import { flooding } from "./catalogue/flooding.js";
import { gitAttacks } from "./catalogue/git.js";
import { supplyChain } from "./catalogue/supply-chain.js";
import { tampering } from "./catalogue/tampering.js";

/** Every attack of the suite. */
export const attacks: readonly Attack[] = [
  ...escalation,
  ...crossing,
  ...tampering,
  ...escapes,
  ...flooding,
  ...supplyChain,
  ...gitAttacks,
];
