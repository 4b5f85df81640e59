import {
  FREEZE_REASON_ANNOTATION,
  FROZEN_UNTIL_ANNOTATION,
  PRUNE_OFF_UNTIL_ANNOTATION,
  SUSPENDED_UNTIL_ANNOTATION,
} from "../../lib/kubernetes/ownership-labels.js";
import { type Phrase, phrase, plainText, words } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { fieldAt, mapAt, objectText, ofKind, valueText } from "./facts.js";
import type { Effect, Finding } from "./finding.js";

/** A setting of a sync that is off by default. */
interface Exception {
  /** Undefined where the sync does not have it; otherwise its end in words, which may be empty. */
  readonly of: (sync: PlannedResource) => Phrase | undefined;
  readonly appears: Effect;
  readonly ends: Effect;
  readonly appear: (syncs: Phrase, end: Phrase) => Phrase;
  readonly end: (syncs: Phrase) => Phrase;
}

const exceptions: readonly Exception[] = [
  {
    of: (sync) => (specOf(sync, "prune") === false ? endOf(sync, PRUNE_OFF_UNTIL_ANNOTATION) : undefined),
    ...{ appears: "changed", ends: "changed" },
    appear: (syncs, end) => phrase`pruning of ${syncs} is off${end}: what leaves Git stays on the cluster`,
    end: (syncs) => phrase`pruning of ${syncs} is on again: what leaves Git from now on is deleted`,
  },
  {
    of: (sync) => {
      // A suspension by an operator is left as it is, and a sentence of its own tells it.
      const isLeft = sync.ignoreChanges?.includes("spec.suspend") === true;
      return specOf(sync, "suspend") === true && !isLeft ? endOf(sync, SUSPENDED_UNTIL_ANNOTATION) : undefined;
    },
    ...{ appears: "changed", ends: "changed" },
    appear: (syncs, end) => phrase`${syncs} is suspended${end}: Flux applies nothing and reverts nothing`,
    end: (syncs) => phrase`${syncs} is suspended no longer: Flux applies what Git has`,
  },
  {
    of: freezeOf,
    ...{ appears: "changed", ends: "changed" },
    appear: (syncs, end) =>
      phrase`${syncs} is frozen${end}. Flux fetches no new revision, and goes on applying the fetched one`,
    end: (syncs) => phrase`${syncs} is frozen no longer: Flux applies what Git has`,
  },
  {
    of: (sync) => (specOf(sync, "force") === true ? [] : undefined),
    ...{ appears: "gained", ends: "lost" },
    appear: (syncs) => phrase`${syncs} may now delete and create again objects whose change Kubernetes refuses`,
    end: (syncs) => phrase`${syncs} may no longer delete and create again objects whose change Kubernetes refuses`,
  },
];

/** The syncs that prune nothing, that are suspended or frozen, or that replace objects by force. One that is removed ends nothing. */
export function exceptionFindings(before: StackPlan, after: StackPlan): Finding[] {
  const old = new Map(ofKind(before, "Kustomization").map((sync) => [objectText(sync), sync]));
  return ofKind(after, "Kustomization").flatMap((sync) => {
    const former = old.get(objectText(sync));
    return exceptions.flatMap((exception) => changeOf(exception, sync, former));
  });
}

function changeOf(exception: Exception, sync: PlannedResource, former: PlannedResource | undefined): Finding[] {
  const [was, is] = [former && exception.of(former), exception.of(sync)];
  if (was === undefined && is === undefined) return [];
  if (was !== undefined && is !== undefined && plainText(was) === plainText(is)) return [];
  const shared = { tenant: sync.tenant, subject: "exceptions of syncs", item: phrase`${objectText(sync)}` };
  if (is === undefined) return [{ ...shared, effect: exception.ends, tell: exception.end }];
  return [{ ...shared, effect: exception.appears, tell: (syncs) => exception.appear(syncs, is) }];
}

function specOf(sync: PlannedResource, field: string): unknown {
  return fieldAt(sync.inputs, "spec", field);
}

function freezeOf(sync: PlannedResource): Phrase | undefined {
  const reason = annotationOf(sync, FREEZE_REASON_ANNOTATION);
  const isFrozen = annotationOf(sync, FROZEN_UNTIL_ANNOTATION) !== "";
  return isFrozen ? phrase`${endOf(sync, FROZEN_UNTIL_ANNOTATION)}: ${reason}` : undefined;
}

function annotationOf(sync: PlannedResource, annotation: string): string {
  return valueText(mapAt(sync.inputs, "metadata", "annotations")[annotation]);
}

function endOf(sync: PlannedResource, annotation: string): Phrase {
  const lastDay = annotationOf(sync, annotation);
  return lastDay === "" ? words(" without an end") : phrase` until ${lastDay}`;
}
