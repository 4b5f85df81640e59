import assert from "node:assert/strict";
import { garbageCollection } from "../../../toolchain/garbage-collection.js";

describe("the garbage collector of the compilers", () => {
  const cases = [
    { processors: 2, memory: 22, GOGC: "off", GOMEMLIMIT: "2048MiB" },
    { processors: 2, memory: 8, GOGC: "off", GOMEMLIMIT: "1024MiB" },
    { processors: 2, memory: 7.9, GOGC: "400" },
    { processors: 16, memory: 96, GOGC: "off", GOMEMLIMIT: "1536MiB" },
    { processors: 64, memory: 128, GOGC: "400" },
  ];
  for (const { processors, memory, ...settings } of cases) {
    it(`is ${Object.values(settings).join(", ")} with ${processors} processors and ${memory} GiB of memory`, () => {
      assert.deepEqual(garbageCollection({ processors, availableBytes: memory * 2 ** 30 }), settings);
    });
  }
});
