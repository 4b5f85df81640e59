import { fluxObjects } from "./legitimate/flux.js";
import type { Legitimate } from "./legitimate/legitimate.js";
import { services } from "./legitimate/services.js";
import { settings } from "./legitimate/settings.js";
import { workloads } from "./legitimate/workloads.js";

/** What a team does every day: all of it stays allowed, whatever else is refused. */
export const legitimate: readonly Legitimate[] = [...workloads, ...settings, ...services, ...fluxObjects];
