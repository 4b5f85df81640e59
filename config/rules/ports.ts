import { patternRule, ruleOf } from "./rule.js";

const highest = 65_535;

/** Ports of one protocol: `443`, `8000-8010`, `53/udp`. TCP, where no protocol is named. */
export const portRange = ruleOf(
  patternRule({
    pattern: "^[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp))?$",
    form: "a port, or a range of ports, with /udp if it is not TCP",
    fix: "Write it like 443, 8000-8010 or 53/udp",
  }),
  (value) => {
    const { from, to } = portsOf(value);
    if (from > to) return { message: "ends before it starts", fix: "Write the lower port first" };
    if (from >= 1 && to <= highest) return undefined;
    return { message: `is not between 1 and ${highest}`, fix: "Choose ports in between: there are no others" };
  },
);

/** The ports of a number or of a text that {@link portRange} accepts, both ends included. */
export function portsOf(written: number | string) {
  const [ports = "", protocol = "tcp"] = String(written).split("/");
  const [from = "", to = from] = ports.split("-");
  return { from: Number(from), to: Number(to), protocol: protocol === "udp" ? "UDP" : "TCP" } as const;
}
