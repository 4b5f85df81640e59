import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadFleetSpec } from "../../../config/load.js";
import { benchStack, catalogueFiles, tenantNames, writeCatalogue } from "../../bench/catalogue.js";
import { renderReport } from "../../bench/report.js";
import type { BenchResult } from "../../bench/result.js";
import { fixtures } from "../../support/fixtures.js";
import { stackConfig } from "../../support/unit/stack-config.js";

const result: BenchResult = {
  tenants: 10,
  date: "2030-02-03T04:05:06.000Z",
  machine: "2 × processor",
  load: 0.25,
  timings: [
    { what: "up", measured: 20, floor: { seconds: 5, of: "sent" } },
    { what: "odd", measured: 1, floor: { seconds: 0, of: "nothing" } },
  ],
  phases: [{ what: "tenants", seconds: 3.25 }],
  budgets: [
    { what: "Resources per tenant", counted: 26, atMost: 25 },
    { what: "GitHub requests per tenant at creation", counted: 9, atMost: 16 },
  ],
  counts: { "Resources in all": 118 },
  goals: [{ what: "Sandbox ready", measured: 16, atMost: 15, unit: "s" }],
};

describe("the benchmark's report", () => {
  const report = renderReport(result);

  it("reports for each budget whether it is kept", () => {
    assert.match(report, /Resources per tenant +│ +26 │ +≤ 25 │ BROKEN/);
    assert.match(report, /at creation +│ +9 │ +≤ 16 │ kept/);
  });

  it("names the machine, and its load before the run", () => {
    assert.match(report, /10 tenants, 2030-02-03, 2 × processor, load 0\.3 before/);
  });

  it("reports a missed goal, with its unit", () => {
    assert.match(report, /16\.0 s │ ≤ 15 s │ not met/);
  });

  it("does not divide by a floor of zero", () => {
    assert.match(report, /up +│ +20\.0 s │ +5\.0 s │ sent +│ +4\.0×/);
    assert.match(report, /odd .*│ +- │/);
  });

  it("shows growth on request, as the cost of each further tenant", () => {
    assert.doesNotMatch(report, /each more/);
    const size = { preview: 4, resources: 1, upRequests: 1, previewRequests: 3 };
    const growth = [
      { ...size, tenants: 10, up: 20 },
      { ...size, tenants: 50, up: 60 },
    ];
    assert.match(renderReport({ ...result, growth }), /50 │ +60\.0 s │ +1\.00 s │ +4\.0 s │ +0\.00 s/);
  });

  it("shows the change of one tenant on request, with its share of an update of the whole stack", () => {
    assert.doesNotMatch(report, /fleet up --tenant/);
    const limited = { seconds: 10, processorSeconds: 4 };
    const oneTenant = [{ tenants: 50, whole: { seconds: 40, processorSeconds: 16 }, limited }];
    assert.match(
      renderReport({ ...result, oneTenant }),
      /50 │ fleet up --tenant +│ 10\.0 s │ +4\.0 s │ +25 % │ +25 % │/,
    );
    const unknown = [
      { tenants: 50, whole: { seconds: 40, processorSeconds: 0 }, limited: { ...limited, processorSeconds: 0 } },
    ];
    assert.match(renderReport({ ...result, oneTenant: unknown }), /25 % │ +- │/);
  });
});

describe("the benchmark's report of a review against the real world", () => {
  it("is there when it was measured, beside the preview that it makes", () => {
    assert.doesNotMatch(renderReport(result), /fleet diff --live/);
    const liveDiff = { tenants: 30, previewSeconds: 4.8, seconds: 7.0, peakMemory: 168.6 };
    assert.match(
      renderReport({ ...result, liveDiff }),
      /^fleet diff --live, 1 stack of 30 tenants: 7\.0 s, pulumi preview 4\.8 s, 1\.46 times; 169 MiB without the engine$/m,
    );
  });
});

describe("the benchmark's report of pushes", () => {
  it("is there when pushes were measured, with the median and the worst, for any order", () => {
    assert.doesNotMatch(renderReport(result), /Push to applied/);
    assert.match(renderReport({ ...result, pushes: [9, 1, 3] }), /git push +│ +3 │ +3\.0 s │ +9\.0 s/);
    assert.match(renderReport({ ...result, pushes: [4, 9, 1, 3] }), /git push +│ +4 │ +3\.5 s │ +9\.0 s/);
  });
});

describe("the benchmark's catalogue", () => {
  it("has names that sort as they count, up to the most that can be asked for", () => {
    const names = tenantNames(999);
    assert.deepEqual(names, names.toSorted());
    assert.equal(new Set(names).size, 999);
  });

  it("has a base and an overlay on each stack for every tenant", () => {
    const paths = Object.keys(catalogueFiles(2));
    assert.equal(paths.length, 6);
    assert.ok(paths.includes(`${benchStack}/tenants/bench-002.yaml`));
  });

  it("takes the place of every tenant that was there, and is one that the program accepts", async () => {
    const program = await mkdtemp(join(tmpdir(), "fleet-bench-test-"));
    try {
      await writeCatalogue(program, 3);
      await writeCatalogue(program, 2);
      await cp(join(fixtures, "fleet"), join(program, "fleet"), { recursive: true });
      const { tenants } = loadFleetSpec({
        root: program,
        stack: benchStack,
        config: stackConfig(fixtures, benchStack),
        disabledDefaultProviders: '["*"]',
        environment: { GITHUB_TOKEN: "a-token", GITHUB_OWNER: "acme", KUBERNETES_SERVICE_HOST: "10.0.0.1" },
      }).spec;
      assert.deepEqual(
        tenants.map(({ name, namespaces: [namespace] }) => [name, namespace.name]),
        tenantNames(2).map((name) => [name, name]),
      );
    } finally {
      await rm(program, { recursive: true, force: true });
    }
  });
});
