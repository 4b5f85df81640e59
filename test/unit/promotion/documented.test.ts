import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import { checkPromotion } from "../../../preflight/promotion.js";
import type { Part } from "../../../promotion/content.js";
import { judgeUpdate } from "../../../promotion/gate.js";
import { stackList } from "../../../promotion/overview.js";
import { nextProof, parseProof } from "../../../promotion/proof.js";
import { root } from "../../support/unit/fleet.js";
import { base, contentOf, overlays, proofOf } from "../../support/unit/promoted-files.js";
import { plain, refusals, staging, start } from "../../support/unit/promotion-gate.js";
import { fleetSpec } from "../../support/unit/spec.js";

/** The code of docs/promotion.md, by the language of its blocks. */
const page = readFileSync(join(root, "docs/promotion.md"), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = ""]) => (of === language ? [text] : []));

const tenant = (name: string, value: string): Part => {
  return { kind: "tenant", name, value, file: `stacks/base/tenants/${name}.yaml`, path: "" };
};
const both = [tenant("team-payments", "1"), tenant("team-search", "1")];
const proved = nextProof({ before: undefined, content: both, now: start });
const update = { stack: "prod-eu", predecessor: staging(proved) };

/** The way around a tenant that is held back, as a preview prints it. */
async function wayAround(): Promise<string | undefined> {
  const spec = fleetSpec({ stack: "prod-eu", promotion: plain });
  const { refusals } = await checkPromotion(spec, {
    content: [tenant("team-payments", "2"), tenant("team-search", "1")],
    state: async () => ({}),
    outputs: async () => ({ proved }),
    now: () => start,
    isPreview: true,
  });
  return refusals.at(-1);
}

/** The refusal of a value that the predecessor's own file replaces. The tenant of these files has another name. */
function neverRunValue(): string[] {
  const files = { [base]: `name: team-a\n${"\n".repeat(6)}limits:\n  pods: 50\n` };
  const predecessor = staging(proofOf(contentOf("staging", { ...files, [overlays.staging]: "limits: {pods: 10}\n" })));
  const args = { stack: "prod-eu", promotion: plain, own: undefined, predecessor, now: start, removed: [] };
  const { problems } = judgeUpdate({ ...args, content: contentOf("prod-eu", files) });
  return problems.map((problem) => problemLine(problem).replaceAll("team-a", "team-search"));
}

describe("the outputs in docs/promotion.md", () => {
  it("are the refusals of the gate", async () => {
    const freeze = { from: "2026-12-20T18:00", until: "2027-01-04T08:00", timeZone: "Europe/Berlin" };
    const freezes = [{ ...freeze, reason: "Year-end closing" }];
    const frozen = { promotion: { ...plain, freezes }, own: proved, now: Date.UTC(2026, 11, 24) };
    const printed = [
      ...refusals({ ...update, content: [tenant("team-search", "2")] }),
      ...neverRunValue(),
      ...refusals({ ...update, ...frozen, content: both, altered: ["team-search"] }),
      ...refusals({ ...update, content: [tenant("team-search", "1")], own: proved }),
      await wayAround(),
    ];
    assert.deepEqual(
      blocks(""),
      printed.map((line) => `${line}\n`),
    );
  });

  it("are the list of stacks", () => {
    const digest = (start: string) => `sha256:${start.padEnd(64, "0")}`;
    const provedAt = (first: string, later: string) =>
      parseProof({
        flux: { [first]: `v2.9.2 ${digest("2320d333")}` },
        program: { [first]: digest("df8a1101") },
        tenants: { "team-payments": { [first]: digest("71cfabd2") }, "team-search": { [later]: digest("8f0054b6") } },
      });
    const list = [
      { stack: "staging", soak: "0s", proved: provedAt("2026-11-26T21:13:41Z", "2026-11-26T21:16:48Z") },
      {
        ...{ stack: "prod-eu", from: "staging", soak: "8760h" },
        proved: provedAt("2026-11-26T21:14:21Z", "2026-11-26T21:17:26Z"),
      },
    ];
    const documented = blocks("console").filter((text) => text.startsWith("$ npx fleet stack list\n"));
    assert.deepEqual(documented, [`$ npx fleet stack list\n${stackList(list, Date.UTC(2026, 10, 27))}`]);
  });
});
