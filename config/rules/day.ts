import { DAY_PATTERN, isDay } from "../../lib/time/calendar-day.js";
import { hintOf, type Rule, ruleOf } from "./rule.js";

const dayFix = "Write it like 2027-01-31";

/** A day of the calendar: `2027-01-31`. */
export const day: Rule = ruleOf({ pattern: DAY_PATTERN, maxLength: 10, hint: hintOf("a day", dayFix) }, (value) =>
  isDay(value) ? undefined : { message: "is not a day of the calendar", fix: dayFix },
);
