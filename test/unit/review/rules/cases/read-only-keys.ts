import { automation, key, namespace, repository } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `read-only-keys`. */
export const readOnlyKeysCases: RuleCases = {
  violating: [
    {
      title: "a key that may push",
      after: [key(false), namespace("a")],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    },
    {
      title: "a key of image automation that may push to a neighbour's repository",
      after: [key(false), { ...repository("private"), tenant: "b" }, automation("a")],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    },
    {
      title: "a key that may push, beside image automation of a neighbour",
      after: [key(false), automation("b")],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    },
  ],
  clean: [
    { title: "a key that reads", after: [key(true)] },
    {
      title: "a key that pushes for image automation",
      after: [key(false), automation("a")],
    },
  ],
};
