import { isDeepStrictEqual } from "node:util";
import type { Entry } from "../document/document.js";
import { resourceText } from "../document/stack-entries.js";
import { kindOf, textAt } from "../findings/facts.js";
import { type Phrase, phrase } from "../phrase.js";
import { isForgotten, isTakenOver, type LiveArgs, type LiveStep } from "./live-plans.js";
import { programMessages, resourceMessages } from "./preview.js";
import { quotaBelowUse } from "./quota-below-use.js";

/**
 * The entries that only a preview can tell: what the program says of the cluster and of GitHub, and steps of the engine that
 * no comparison of two plans shows.
 */
export function liveEntries(steps: readonly LiveStep[], { spec, preview }: LiveArgs): Entry[] {
  const { stack } = spec;
  // A refresh warns of controllers that are not ready, which is no difference: `fleet wait` tells it.
  const said = [...programMessages(preview, "warning"), ...resourceMessages(preview, "warning")];
  return [
    ...[...new Set(said)].map((sentence) => sentenceEntry(stack, sentence, steps)),
    ...steps.flatMap((one) => stepEntries(stack, one)),
  ];
}

function sentenceEntry(stack: string, text: string, steps: readonly LiveStep[]): Entry {
  const quota = quotaBelowUse(text);
  // The sentences repeat names and values of the cluster, so that all of a sentence stands as a value.
  if (quota === undefined) return warning(stack, phrase`${withoutPeriod(text)}`);
  const quotas = steps.flatMap(({ after }) =>
    after !== undefined && kindOf(after.type) === "ResourceQuota" ? after : [],
  );
  const { tenant } = quotas.find((one) => textAt(one, "metadata", "namespace") === quota.namespace) ?? {};
  return loss(stack, quota.sentence, tenant);
}

function stepEntries(stack: string, one: LiveStep): Entry[] {
  const { step, before, after } = one;
  // Of a replaced object, the one that goes is the loss: the new one may have another namespace.
  const resource = isReplaced(one) ? before : (after ?? before);
  if (resource === undefined || resource.type.startsWith("fleet:")) return [];
  const { tenant } = resource;
  const object = resourceText(resource);
  if (isTakenOver(step)) return [warning(stack, phrase`${object} exists, and the update takes it over`, tenant)];
  if (isForgotten(one)) {
    return [warning(stack, phrase`${object} stays as it is: the update only removes it from the state`, tenant)];
  }
  if (isReplaced(one)) {
    return [loss(stack, phrase`${object} is replaced: the update deletes it and creates it again`, tenant)];
  }
  const isUnexplained = step.op === "update" && isDeepStrictEqual(before, after);
  if (!isUnexplained) return [];
  const paths = Object.keys(step.detailedDiff ?? {}).join(", ") || (step.diffReasons ?? []).join(", ") || "unknown";
  return [warning(stack, phrase`the engine updates ${object}, though its inputs are the same: ${paths}`, tenant)];
}

/**
 * A private key with other inputs has a sentence of its own, and so has an object that is created again after others deleted
 * it. A key that the state marks to be replaced (`pulumi state taint`) has the same inputs.
 */
function isReplaced({ step, before, after }: LiveStep): boolean {
  const isCreatedAgain = step.newState?.replaceOnChanges?.includes("*") ?? false;
  const isKey = after?.type === "tls:index/privateKey:PrivateKey";
  const isToldByPlans = isKey && !isDeepStrictEqual(before?.inputs, after?.inputs);
  return step.op === "replace" && before !== undefined && !isCreatedAgain && !isToldByPlans;
}

function warning(stack: string, sentence: Phrase, tenant?: string): Entry {
  return { section: "warnings", effect: "warning", sentence, targets: [{ stack, tenant }], details: [], fields: [] };
}

function loss(stack: string, sentence: Phrase, tenant: string | undefined): Entry {
  return { section: "losses", effect: "loss", sentence, targets: [{ stack, tenant }], details: [], fields: [] };
}

function withoutPeriod(sentence: string): string {
  return sentence.replace(/\.$/, "");
}
