import { repository } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `private-repositories`. */
export const privateRepositoriesCases: RuleCases = {
  violating: [
    { title: "a public repository", after: [repository("public")], messages: ["the repository team-a is public"] },
    { title: "GitHub's default", after: [repository()], messages: ["the repository team-a is public"] },
  ],
  clean: [
    { title: "a private one", after: [repository("private")] },
    { title: "an internal one", after: [repository("internal")] },
  ],
};
