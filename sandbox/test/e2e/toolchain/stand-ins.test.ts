import assert from "node:assert/strict";
import { join } from "node:path";
import { callGo, findGo } from "../../../toolchain/go.js";

/** The results of the tests of Go packages. @param module folder of the toolchain, whose go.mod decides */
async function goTest(module: string, ...packages: readonly string[]): Promise<string> {
  const cwd = join(import.meta.dirname, "../../../toolchain", module);
  return await callGo(await findGo(process.env), ["test", "-vet=off", ...packages], { cwd, part: module });
}

/** Packages of ours that take the place of a client's, as far as a part calls it. */
describe("the packages that take the place of a client", function () {
  this.timeout(300_000);

  it("send notification-controller's event to Datadog, with its key", async () => {
    assert.match(await goTest("flux/datadog", "./..."), /^ok\s+\S+\/datadogV1/m);
  });

  it("refuse what the engine asks of an OpenAPI parser and of AWS IAM", async () => {
    const packages = ["github.com/pb33f/libopenapi", "github.com/aws/aws-sdk-go-v2/service/iam"];
    const passed = await goTest("pulumi", ...packages);
    for (const name of packages) assert.match(passed, new RegExp(`^ok\\s+${name}\\s`, "m"));
  });
});
