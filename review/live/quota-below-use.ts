import { joined, type Phrase, phrase } from "../phrase.js";

/** A quota that an update lowers below what is used. */
export interface QuotaBelowUse {
  readonly namespace: string;
  readonly sentence: Phrase;
}

/** The warning of the program, which alone reads what is used (preflight/quotas-below-use.ts). */
const warning =
  /^This update lowers the ResourceQuota (?<name>\S+) in the namespace (?<namespace>\S+) below what is used: (?<amounts>.+?)(?<more> and \d+ more)?\. Running pods stay, /;

/** The quota that a warning of the program is about. Undefined for any other sentence. */
export function quotaBelowUse(sentence: string): QuotaBelowUse | undefined {
  const { name = "", namespace = "", amounts = "", more = "" } = warning.exec(sentence)?.groups ?? {};
  const resources = [...amounts.matchAll(/(\S+) to (\S+) \((\S+) used\)/g)];
  if (resources.length === 0) return undefined;
  const listed = joined(resources.map(([, one = "", to = "", used = ""]) => phrase`${one} to ${to} (${used} used)`));
  const quota = phrase`quota ${`${namespace}/${name}`} lowered below what is used: ${listed}`;
  return { namespace, sentence: [...quota, `${more}; running pods stay, and new ones are refused until less is used`] };
}
