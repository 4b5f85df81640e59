import { isDeepStrictEqual } from "node:util";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { flagValue } from "../../operate/audit/flux-controllers.js";
import { isAdopted } from "../../operate/retrofit/adoption.js";
import { fieldsBack, type RetrofitRecord } from "../../operate/retrofit/records.js";
import { RETROFIT_MANAGER } from "../../operate/retrofit/step.js";
import { JobError } from "../explain.js";
import { type StepUse, type WrittenStep, writtenSteps } from "./apply-step.js";
import { lookAtRetrofit, type RetrofitLook } from "./look.js";
import { changeLine } from "./output.js";
import { loadRecords, storeRecords } from "./records.js";
import { makeChange, readWritten, tryChanges, type Written } from "./write-change.js";

/**
 * Takes one step back, after a dry run of all its changes and a question. What others have changed since is kept, and refused in
 * words. Without records, nothing is left to take back.
 * @throws JobError when it is refused
 */
export async function undoStep(use: StepUse, id: WrittenStep): Promise<void> {
  const { client, stack, out } = use;
  const stored = await loadRecords(client);
  const own = stored.records.filter(({ step }) => step === id);
  if (own.length === 0) return out(`${id}: nothing to take back, because no change of it is recorded.\n`);
  requireUnused(await lookAtRetrofit(client, stack), id, stored.records);
  const found = await Promise.all(own.map(async (record) => ({ record, live: await readWritten(client, record) })));
  const changes = found.flatMap(({ record, live }) => wayBack(record, live) ?? []).reverse();
  if (changes.length > 0) {
    await tryChanges(client, changes);
    await use.consent(
      `${changes.map((one) => `  ${changeLine(one.object, wordsOf(one))}`).join("")}Take ${id} back on ${stack.context}?`,
    );
    for (const change of changes) await makeChange(client, change);
  }
  for (const one of changes) out(changeLine(one.object, wordsOf(one)));
  await storeRecords(
    client,
    stored,
    stored.records.filter(({ step }) => step !== id),
  );
  out(`${id} is taken back.\n`);
}

/** A binding is shown with its rights: the record is text that others may have written. */
function wordsOf({ action }: Written): string {
  if (action.type !== "apply") return words[action.type];
  const { roleRef, subjects } = action.manifest as { readonly roleRef?: unknown; readonly subjects?: unknown };
  return `${words.apply}, with ${JSON.stringify({ roleRef, subjects })}`;
}

const words = { apply: "created again", patch: "has its former fields", delete: "deleted" } as const;

/** @throws JobError when a later step, or the program, rests on the step */
function requireUnused({ facts }: RetrofitLook, id: WrittenStep, records: readonly RetrofitRecord[]): void {
  if (id !== "bindings" && isAdopted(facts)) {
    throw new JobError(`pulumi up has taken the cluster over, so ${id} is the program's. Nothing was changed.`);
  }
  const later = writtenSteps.slice(writtenSteps.indexOf(id) + 1).filter((one) => one !== "bindings");
  const recorded = later.filter((one) => records.some(({ step }) => step === one));
  if (recorded.length > 0) {
    throw new JobError(`Take ${recorded.at(-1)} back first: it rests on ${id}. Nothing was changed.`);
  }
  const own = records.filter(({ step }) => step === id);
  const isLocked = facts.controllers.some((one) => flagValue(one, "default-service-account") !== undefined);
  if (isLocked && own.some(leavesNoAccount)) {
    throw new JobError("The controllers are locked down, so a sync needs its account. Nothing was changed.");
  }
  const planned = facts.planned.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata);
  const names = new Set([...own.filter(({ kind }) => kind === "ServiceAccount"), ...planned].map(placeOf));
  const user = facts.syncs.find(({ namespace, named }) => named !== undefined && names.has(`${namespace}/${named}`));
  if (id === "accounts" && user !== undefined) {
    throw new JobError(`${user.kind} ${user.namespace}/${user.name} names the account. Nothing was changed.`);
  }
}

/** Whether a way back leaves a sync without an account: the flag would then give it one without rights. */
function leavesNoAccount({ back }: RetrofitRecord): boolean {
  return (
    back.type === "fields" &&
    back.fields.some(({ path, before }) => path === "/spec/serviceAccountName" && before === null)
  );
}

function placeOf({ namespace = "", name }: Pick<LiveObject["metadata"], "name" | "namespace">): string {
  return `${namespace}/${name}`;
}

/** The change that takes a record back. Undefined where the object is as it was. @throws JobError for a change of others */
function wayBack(record: RetrofitRecord, live: LiveObject | undefined): Written | undefined {
  const { back, step: _, ...object } = record;
  switch (back.type) {
    case "keep":
      return undefined;
    case "create":
      return live === undefined ? { ...object, action: { type: "apply", manifest: back.manifest } } : undefined;
    case "delete": {
      if (live === undefined) return undefined;
      const others = live.metadata.managedFields.filter(({ manager }) => manager !== RETROFIT_MANAGER);
      const uid = live.metadata.uid;
      if (others.length > 0 || uid === undefined) {
        const names = [...new Set(others.map(({ manager }) => manager))].join(", ");
        throw new JobError(`${record.object} was changed by ${names || "another client"}. Nothing was changed.`);
      }
      const { apiVersion, kind, name, namespace } = record;
      const metadata = { name, ...(namespace !== undefined && { namespace }) };
      return { ...object, action: { type: "delete", uid, before: { apiVersion, kind, metadata } } };
    }
    case "fields": {
      if (live === undefined) return undefined;
      const operations = fieldsBack(back.fields, live);
      return operations && !isDeepStrictEqual(operations, [])
        ? { ...object, action: { type: "patch", operations } }
        : undefined;
    }
  }
}
