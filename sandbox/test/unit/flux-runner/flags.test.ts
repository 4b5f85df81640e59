import assert from "node:assert/strict";
import { dropFlag, flagValue, setFlag } from "../../../flux-runner/flags.js";

describe("flags of a controller", () => {
  it("count as last given, as in pflag", () => {
    assert.equal(flagValue(["--a=1", "--a=2"], "a"), "2");
    assert.equal(flagValue(["--a=1", "--a", "3"], "a"), "3");
  });

  it("are not taken for another flag that begins alike", () => {
    assert.equal(flagValue(["--storage-addr-x=1"], "storage-addr"), undefined);
    assert.deepEqual(dropFlag(["--storage-adv-addr=1"], "storage-addr"), ["--storage-adv-addr=1"]);
  });

  it("leave nothing of an earlier value behind when they are set", () => {
    assert.deepEqual(setFlag(["--a", "1", "--b=2", "--a=3"], "a", "4"), ["--b=2", "--a=4"]);
  });

  it("do not swallow the argument after a flag that stands alone", () => {
    const args = ["--enable-leader-election", "--log-level=info"];
    assert.deepEqual(dropFlag(args, "enable-leader-election", { boolean: true }), ["--log-level=info"]);
    assert.deepEqual(dropFlag(["--enable-leader-election=true"], "enable-leader-election", { boolean: true }), []);
  });

  it("end at two dashes", () => {
    assert.equal(flagValue(["--", "--a=1"], "a"), undefined);
  });
});
