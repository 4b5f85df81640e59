import assert from "node:assert/strict";
import { adviceFor, lastLogLines } from "../../../toolchain/error.js";

describe("lastLogLines", () => {
  it("drops Go's reports of downloads that went well, which would bury the error", () => {
    assert.equal(lastLogLines("go: downloading a v1\nmain.go:1: no\n\ngo: downloading b v1\n"), "main.go:1: no");
  });

  it("keeps the end of a long output, where the cause is", () => {
    const text = Array.from({ length: 50 }, (_, index) => `line ${index}`).join("\n");
    assert.deepEqual(lastLogLines(text, 2).split("\n"), ["line 48", "line 49"]);
  });
});

describe("adviceFor", () => {
  const cases: Record<string, readonly [string, RegExp]> = {
    "a full disk": ["write $WORK/b001/exe/a.out: no space left on device", /free disk space/],
    "a linker killed for its memory": ["link: signal: killed", /free memory/],
    "no network": ["dial tcp: lookup proxy.example.org: no such host", /check the network/],
    "pins that do not match": ["verifying a@v1: checksum mismatch\nSECURITY ERROR", /restore its go\.mod and go\.sum/],
    "a go.sum that lacks an entry": ["missing go.sum entry for module", /restore its go\.mod and go\.sum/],
    "anything else": ["undefined: x", /repeat the step alone with `go build \.`/],
  };
  for (const [cause, [output, advice]] of Object.entries(cases)) {
    it(`tells what to do about ${cause}`, () => {
      assert.match(adviceFor(output, "go build ."), advice);
    });
  }
});
