import { automation, gitSource, key, namespace, repository } from "./objects.js";
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
      after: [key(false), { ...repository("private"), tenant: "b" }, automation("a"), gitSource()],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    },
    {
      title: "a key that may push, beside image automation of a neighbour",
      after: [key(false), automation("b"), { ...gitSource(), tenant: "b" }],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    },
    ...["team-a-docs", "not-team-a", "x/team-a/docs"].map((name) => ({
      title: `a key that may push, beside image automation of the repository ${name} of the same tenant`,
      after: [key(false), automation("a"), gitSource(`ssh://git@github.com/acme/${name}.git`)],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    })),
    {
      title: "a key that may push, beside image automation without a source",
      after: [key(false), automation("a")],
      messages: ['the deploy key "fleet/staging" may push to team-a'],
    },
  ],
  clean: [
    { title: "a key that reads", after: [key(true)] },
    {
      title: "a key that pushes for image automation",
      after: [key(false), automation("a"), gitSource()],
    },
    ...[
      "https://github.com/acme/Team-A",
      "ssh://git@ssh.github.com:443/acme/team-a.git",
      "(known after the update)",
    ].map((url) => ({
      title: `a key that pushes for image automation of the source ${url}`,
      after: [key(false), automation("a"), gitSource(url)],
    })),
    {
      title: "a key of a repository that is not known before the update",
      after: [
        { ...key(false), inputs: { title: "fleet/staging", repository: "(known after the update)", readOnly: false } },
        ...[automation("a"), gitSource()],
      ],
    },
  ],
};
