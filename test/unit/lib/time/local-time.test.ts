import assert from "node:assert/strict";
import fc from "fast-check";
import { instantsOf, isTimeZone, utcText } from "../../../../lib/time/local-time.js";

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"];
const hour = 3_600_000;

/** The instants of a local time, as texts. */
function texts(local: string, zone: string): string[] {
  const { earliest = Number.NaN, latest = Number.NaN } = instantsOf(local, zone) ?? {};
  return [...new Set([earliest, latest])].map(utcText);
}

/** The clock of a zone at an instant, by another way than the code under test. */
function clock(instant: number, timeZone: string): string {
  return new Date(instant)
    .toLocaleString("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" })
    .replace(" ", "T");
}

describe("a local time", () => {
  for (const text of [
    "",
    "2026-12-24",
    "2026-12-24T18:00:00",
    "2026-12-24T18:00Z",
    "2026-12-24 18:00",
    "2026-02-30T10:00",
    "2026-13-01T10:00",
    "2026-12-24T24:30",
    "2026-12-24T18:60",
    "x2026-12-24T18:00",
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(instantsOf(text, "UTC"), undefined);
    });
  }

  it("is one instant in a zone", () => {
    assert.deepEqual(texts("2026-12-24T18:00", "UTC"), ["2026-12-24T18:00:00Z"]);
    assert.deepEqual(texts("2026-12-24T18:00", "Europe/Berlin"), ["2026-12-24T17:00:00Z"]);
    assert.deepEqual(texts("2026-07-24T18:00", "Europe/Berlin"), ["2026-07-24T16:00:00Z"]);
    assert.deepEqual(texts("2026-12-24T18:00", "Asia/Kolkata"), ["2026-12-24T12:30:00Z"]);
  });

  it("is two instants where clocks are turned, and one an hour before and after", () => {
    assert.deepEqual(texts("2026-10-25T02:30", "Europe/Berlin"), ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]);
    assert.deepEqual(texts("2026-10-25T01:30", "Europe/Berlin"), ["2026-10-24T23:30:00Z"]);
    assert.deepEqual(texts("2026-10-25T03:30", "Europe/Berlin"), ["2026-10-25T02:30:00Z"]);
    assert.deepEqual(texts("2026-03-29T02:30", "Europe/Berlin"), ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"]);
    assert.deepEqual(texts("2026-03-29T03:30", "Europe/Berlin"), ["2026-03-29T01:30:00Z"]);
  });

  it("is found for any instant and zone, never more than an hour away", () => {
    const instants = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const minute = instant - (instant % 60_000);
        const found = instantsOf(clock(minute, zone), zone);
        assert.ok(found !== undefined && found.earliest <= minute && minute <= found.latest, clock(minute, zone));
        assert.ok(found.latest - found.earliest <= hour);
      }),
    );
  });
});

describe("a time zone", () => {
  it("is a name that Node knows, and no offset", () => {
    for (const zone of zones) assert.ok(isTimeZone(zone), zone);
    for (const zone of ["", "+01:00", "Europe/Berlim", "Mars/Phobos", "CEST+1", "-1"])
      assert.ok(!isTimeZone(zone), zone);
  });
});
