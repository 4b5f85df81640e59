import { z } from "zod";
import { instantsOf, isTimeZone, LOCAL_TIME_PATTERN } from "../../lib/time/local-time.js";
import { durationRule } from "../rules/amounts.js";
import { textField, violationCheck } from "../rules/field.js";
import { stackName } from "../rules/names.js";
import { hintOf, patternRule, ruleOf } from "../rules/rule.js";

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
const reason = patternRule({
  pattern: "^[^\\s\\p{Cc}][^\\p{Cc}]*$",
  maxLength: 200,
  form: "a reason in one line",
  fix: "Write one sentence, like: Year-end closing",
});

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

/** Settings of a stack on promotion: which stack must have run a change before, for how long, and when nothing changes. */
export const promotionSettings = {
  promotesFrom: textField(stackName, {
    description: "Stack that must have run each change before this one. Default: none.",
  }).exactOptional(),
  soak: textField(durationRule("0s", "8760h", "a change that waits for more than a year is not coming"), {
    description: "Time for which that stack must have run a change.",
  }).default("0s"),
  freezes: z.array(freeze).default([]).meta({
    description: "Times in which no change is applied: a list of {from, until, reason, timeZone}.",
  }),
  promotionOverride: override.prefault({}).meta({
    description:
      "Consent to changes that promotion would refuse: {reason, until, timeZone}. Each run that needs it prints it, and the outputs keep it. Default: none.",
  }),
};
