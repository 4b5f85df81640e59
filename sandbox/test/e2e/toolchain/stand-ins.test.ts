import assert from "node:assert/strict";
import { join } from "node:path";
import { callGo, findGo } from "../../../toolchain/go.js";

const toolchain = join(import.meta.dirname, "../../../toolchain");

/** Packages of ours that take the place of a client's, as far as a part calls it. The others refuse what they are asked. */
describe("the packages that take the place of a client", function () {
  this.timeout(300_000);

  it("send notification-controller's event to Datadog, with its key", async () => {
    const go = await findGo(process.env);
    const call = { cwd: join(toolchain, "flux/datadog"), part: "flux/datadog" };
    assert.match(await callGo(go, ["test", "-vet=off", "./..."], call), /^ok\s+\S+\/datadogV1/m);
  });
});
