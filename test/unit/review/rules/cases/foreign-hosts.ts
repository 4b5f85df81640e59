import { hosts } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `foreign-hosts`. */
export const foreignHostsCases: RuleCases = {
  violating: [
    {
      title: "a wildcard above a neighbour's host",
      after: [hosts("a", "*.example.com"), hosts("b", "shop.example.com")],
      messages: ["the host *.example.com of a covers shop.example.com of b"],
    },
    {
      title: "the same host in other letters",
      after: [hosts("a", "Shop.example.com"), hosts("b", "shop.example.com")],
      messages: [
        "the host shop.example.com of a covers shop.example.com of b",
        "the host shop.example.com of b covers shop.example.com of a",
      ],
    },
    {
      title: "a wildcard above a neighbour's wildcard",
      after: [hosts("a", "*.example.com"), hosts("b", "*.shop.example.com")],
      messages: ["the host *.example.com of a covers *.shop.example.com of b"],
    },
  ],
  clean: [
    {
      title: "the domain itself, which its wildcard does not serve",
      after: [hosts("a", "*.example.com"), hosts("b", "example.com")],
    },
    { title: "a wildcard above a host of the same tenant", after: [hosts("a", "*.example.com,shop.example.com")] },
    {
      title: "another domain with the same end",
      after: [hosts("a", "*.example.com"), hosts("b", "bad-example.com")],
    },
  ],
};
