import assert from "node:assert/strict";
import { buildReport, type StackLooks } from "../../../../operate/report/build-report.js";
import type { ClusterStatus } from "../../../../operate/status/stack-status.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const now = Date.UTC(2026, 10, 27);

/** A look at a stack with one tenant, whose sync says this. */
function look(message: string, overrides: Partial<StackLooks> = {}): StackLooks {
  const sync = { name: "team-a", namespace: "team-a", ready: false, messages: [message] };
  const status: ClusterStatus = {
    fluxVersion: "v2.9.2",
    controllers: [{ name: "source-controller", ready: false, message }],
    foreignControllers: [],
    infrastructure: [],
    tenants: [{ name: "team-a", syncs: [sync], quota: [], keys: [{ namespace: "team-a", secret: "tenant-git" }] }],
    findings: [],
  };
  const spec = fleetSpec({ tenants: [tenantSpec("team-a")] });
  return { stack: "staging", problems: [message], organisation: "acme", spec, status, ...overrides };
}

describe("a report", () => {
  it("has no password of a URL, wherever a text has one", () => {
    const server = "https://admin:hunter2@api.example.com";
    const report = buildReport([look("GET https://x:hunter2@git.example.com/a failed", { server })], now);
    assert.doesNotMatch(JSON.stringify(report), /hunter2/);
    const [stack] = report.stacks;
    assert.equal(stack?.server, "https://…@api.example.com");
    assert.deepEqual(stack?.problems, ["GET https://…@git.example.com/a failed"]);
  });

  it("spells out characters that are not seen", () => {
    const [stack] = buildReport([look("left\u202eright\u0000")], now).stacks;
    assert.deepEqual(stack?.cluster?.tenants[0]?.syncs[0]?.messages, ["left\\u{202e}right\\u{0}"]);
  });

  it("has the repository, the folder and the namespace of each sync, and says what it does not know", () => {
    const [stack] = buildReport([look("no")], now).stacks;
    assert.deepEqual(stack?.cluster?.tenants, [
      {
        name: "team-a",
        repositories: ["acme/team-a"],
        namespaces: ["team-a"],
        syncs: [
          {
            name: "team-a",
            namespace: "team-a",
            repository: "acme/team-a",
            path: "./deploy/staging",
            ready: false,
            messages: ["no"],
          },
        ],
        quotas: [],
      },
    ]);
    assert.deepEqual(stack?.keys, [{ place: "team-a", title: "Secret tenant-git", use: "is used by Flux" }]);
    const [silent] = buildReport([{ stack: "prod-eu", problems: ["no answer"], organisation: "acme" }], now).stacks;
    assert.deepEqual(silent, { stack: "prod-eu", problems: ["no answer"], keys: [] });
  });

  it("is plain data that is the same for the same looks", () => {
    const reports = [1, 2].map(() => JSON.stringify(buildReport([look("x")], now)));
    assert.equal(reports[0], reports[1]);
  });
});
