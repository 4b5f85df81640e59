import assert from "node:assert/strict";
import { renderStart } from "../../../measure/start/report.js";

describe("the report of the program's start", () => {
  const result = {
    tenants: 10,
    resources: 100,
    packages: [500, 600, 400],
    first: [{ first: 1000, end: 2000 }],
    later: [
      { first: 600, end: 800 },
      { first: 650, end: 850 },
      { first: 9000, end: 9900 },
    ],
  };
  const line = (text: string, of: string) => text.split("\n").find((one) => one.includes(of)) ?? "";

  it("does not meet the goal by a little more", () => {
    const later = [{ first: 651, end: 851 }];
    assert.match(line(renderStart({ ...result, later }), "first registration"), /651 ms.*1\.30×.*not met/);
  });

  it("has medians, and their ratio to the packages alone", () => {
    const text = renderStart(result);
    assert.match(line(text, "loaded alone"), /500 ms/);
    assert.match(line(text, "first registration"), /650 ms.*1\.30×.*≤ 1\.3×, met/);
    assert.match(line(text, "without a cache"), /1000 ms.*2\.00×/);
    assert.match(line(text, "100 registrations"), /850 ms.*1\.70×/);
    assert.match(line(text, "one registration"), /2\.00 ms/);
  });
});
