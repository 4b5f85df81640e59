import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { CouldNotLookError } from "../../../../cli/exit-code.js";
import { apiClient } from "../../../../cli/verify/api-client.js";
import { kubeconfigText, SECRET } from "../../../support/unit/kubeconfig.js";

describe("a client of an API server", () => {
  it("could not look where nothing answers, and repeats no credential", async () => {
    const config = new KubeConfig();
    config.loadFromString(kubeconfigText({ cluster: { server: "https://127.0.0.1:9" } }));
    const client = apiClient(config);
    await assert.rejects(client.send({ path: "/api/v1/namespaces" }), (error: unknown) => {
      assert.ok(error instanceof CouldNotLookError);
      assert.match(error.message, /the cluster at https:\/\/127\.0\.0\.1:9 did not answer: .*ECONNREFUSED/);
      assert.doesNotMatch(error.message, new RegExp(SECRET));
      return true;
    });
    assert.equal(client.requests(), 1);
    client.end();
  });
});
