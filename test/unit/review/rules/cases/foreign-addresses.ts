import { egress } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The cases of the rule `foreign-addresses`. */
export const foreignAddressesCases: RuleCases = {
  violating: [
    {
      title: "a range around a neighbour's",
      after: [egress("a", "10.0.0.0/8"), egress("b", "10.1.2.0/24")],
      messages: ["a may reach 10.0.0.0/8, which contains 10.1.2.0/24 of b"],
    },
    {
      title: "a range that ends inside a byte",
      after: [egress("a", "10.1.16.0/20"), egress("b", "10.1.31.0/24")],
      messages: ["a may reach 10.1.16.0/20, which contains 10.1.31.0/24 of b"],
    },
    {
      title: "a range of IPv6 around a neighbour's",
      after: [egress("a", "fd00::/8"), egress("b", "fd12:3456::/32")],
      messages: ["a may reach fd00::/8, which contains fd12:3456::/32 of b"],
    },
  ],
  clean: [
    {
      title: "ranges side by side in one byte, and of both families",
      after: [egress("a", "10.1.0.0/20", "fd00::/8"), egress("b", "10.1.16.0/24", "fe00::/9")],
    },
    { title: "ranges side by side", after: [egress("a", "10.1.0.0/16"), egress("b", "10.2.0.0/16")] },
    { title: "the same range", after: [egress("a", "10.1.0.0/16"), egress("b", "10.1.0.0/16")] },
    {
      title: "a range that every tenant has",
      after: [egress("a", "0.0.0.0/0", "10.1.0.0/16"), egress("b", "0.0.0.0/0")],
    },
  ],
};
