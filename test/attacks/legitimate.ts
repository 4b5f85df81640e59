import { fluxObjects } from "./legitimate/flux.js";
import type { Legitimate } from "./legitimate/legitimate.js";
import { services } from "./legitimate/services.js";
import { settings } from "./legitimate/settings.js";
import { workloads } from "./legitimate/workloads.js";

/** The everyday work of a team, which every control must allow. */
export const legitimate: readonly Legitimate[] = [...workloads, ...settings, ...services, ...fluxObjects];
