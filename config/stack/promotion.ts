import { z } from "zod";
import { instantsOf, isTimeZone, LOCAL_TIME_PATTERN } from "../../lib/time/local-time.js";
import { durationRule } from "../rules/amounts.js";
import { ambiguity, choiceField, textField, violationCheck } from "../rules/field.js";
import { gitCommit, gitTag } from "../rules/git-reference.js";
import { branchName, stackName } from "../rules/names.js";
import { hintOf, ruleOf } from "../rules/rule.js";
import { oneLine } from "./one-line.js";

const timeFix = "Write it like 2026-12-24T18:00, without seconds";

const localTime = ruleOf(
  { pattern: LOCAL_TIME_PATTERN, maxLength: 16, hint: hintOf("a date and time", timeFix) },
  (value) => {
    // Whether a date exists is the same in every zone.
    return instantsOf(value, "UTC") === undefined ? { message: "is not a date and time", fix: timeFix } : undefined;
  },
);

const timeZoneFix = "Write a name of the IANA time zone database, like Europe/Berlin or UTC";

const timeZone = ruleOf(
  { pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$", maxLength: 64, hint: hintOf("a time zone", timeZoneFix) },
  (value) => (isTimeZone(value) ? undefined : { message: "is not a time zone", fix: timeZoneFix }),
);

/** A reason is printed and kept in the outputs, in one line. */
const reason = oneLine("a reason in one line", "Write one sentence, like: Year-end closing");

const until = textField(localTime, { description: "Local date and time of the end." });
const zone = textField(timeZone, { description: "Time zone of the dates." }).default("UTC");

const freeze = z
  .strictObject({
    from: textField(localTime, { description: "Local date and time of the start." }),
    until,
    reason: textField(reason, { description: "Reason, which the refusal names." }),
    timeZone: zone,
  })
  .superRefine(
    violationCheck((declared) => {
      const [start, end] = [declared.from, declared.until].map((time) => instantsOf(time, "UTC")?.latest ?? 0);
      if (start !== undefined && end !== undefined && start < end) return undefined;
      return { message: "is not after from", fix: "Write the end after the start" };
    }, "until"),
  );

const override = z
  .strictObject({
    reason: textField(reason, {
      description: "Reason, which each run that needs it prints, and the outputs keep.",
    }).exactOptional(),
    until: until.exactOptional(),
    timeZone: zone,
  })
  .superRefine(
    violationCheck((declared) => {
      if ((declared.reason === undefined) === (declared.until === undefined)) return undefined;
      return { message: "must have both reason and until", fix: "Write the other one too, or remove the setting" };
    }),
  );

const revision = z.strictObject({
  commit: textField(gitCommit, {
    description: "A commit of the default branch. npx fleet promote moves it.",
  }).exactOptional(),
  branch: textField(branchName, {
    description: "The default branch: each push reaches the cluster at once.",
  }).exactOptional(),
  tag: textField(gitTag, {
    description: "A tag, whose signature Flux verifies (platformRepository.verify).",
  }).exactOptional(),
});

/** The longest time that an override may still last, without `fleet:longestOverride`. No setting makes it longer. */
const LONGEST_OVERRIDE = "2160h";

/** Settings of a stack on promotion: which stack must have run a change before, for how long, and when nothing changes. */
export const promotionSettings = {
  promotesFrom: textField(stackName, {
    description: "Stack that must have run each change before this one. Default: none.",
  }).exactOptional(),
  soak: textField(durationRule("0s", "8760h", "a change that waits for more than a year is not coming"), {
    description: "Time for which that stack must have run a change.",
  }).default("0s"),
  promotionNeeds: choiceField(["applied", "ready"], {
    description:
      "Whether that stack must have applied a change, or have been Ready with it as well, as npx fleet wait records it. With ready, pinned revisions count too.",
  }).default("applied"),
  platformRevision: revision
    .superRefine(violationCheck((declared) => ambiguity(declared, "Keep one of them")))
    .prefault({})
    .meta({
      description:
        "Revision of the platform's repository that Flux applies: {commit}, {tag}, or {branch} with the default branch. A stack with a predecessor must say one. Default: the default branch.",
    }),
  freezes: z.array(freeze).default([]).meta({
    description: "Times in which no change is applied: a list of {from, until, reason, timeZone}.",
  }),
  longestOverride: textField(
    durationRule("1h", LONGEST_OVERRIDE, "a consent that lasts for more than 90 days is no exception any more"),
    { description: "Longest time before the end of an override at which it lets an update pass." },
  ).default(LONGEST_OVERRIDE),
  promotionOverride: override.prefault({}).meta({
    description:
      "Consent to changes that promotion would refuse: {reason, until, timeZone}. Each run that needs it prints it, and the outputs keep it. Default: none.",
  }),
};
