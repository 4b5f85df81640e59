import assert from "node:assert/strict";
import { infrastructureTable } from "../../measure/infrastructure-table.js";

describe("the resources of the infrastructure", () => {
  const seed = (path: string) => ({ name: `fleet-platform-seed-fleet/${path}` });

  it("are the files of its parts, by part, beside those of the whole stack", () => {
    const table = infrastructureTable("staging", [
      seed("infrastructure/controllers/flagger/release.yaml"),
      seed("infrastructure/controllers/flagger/values.yaml"),
      seed("infrastructure/configuration/flux-monitoring/rules.yaml"),
      seed("infrastructure/staging/configuration/issuer.yaml"),
      seed("infrastructure/base/namespace.yaml"),
      seed("clusters/staging/infrastructure.yaml"),
      { name: "team-search" },
    ]);
    const cells = table.split("\n").flatMap((line) => {
      const [, part, count] = /^│ (\S.*?) +│ +(\d+) │$/.exec(line) ?? [];
      return part === undefined ? [] : [`${part}: ${count}`];
    });
    assert.deepEqual(cells, [
      "configuration/flux-monitoring: 1",
      "controllers/flagger: 2",
      "staging/configuration: 1",
      "all of them: 4",
      "all of the stack, without Flux's own objects: 7",
    ]);
  });
});
