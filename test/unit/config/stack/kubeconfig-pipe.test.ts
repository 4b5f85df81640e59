import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { readConnection } from "../../../../config/stack/kubeconfig/connection.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { withTree } from "../../../support/unit/checkout-tree.js";
import { kubeconfigText } from "../../../support/unit/kubeconfig.js";

describe("a kubeconfig that names a pipe", () => {
  const server = "https://api.example.com";
  for (const [field, parts] of [
    ["clusters[0].cluster.certificate-authority", { cluster: { server, "certificate-authority": "pipe" } }],
    ["users[0].user.client-key", { user: { "client-key": "pipe" } }],
    ["users[0].user.tokenFile", { user: { tokenFile: "pipe" } }],
  ] as const) {
    it(`as ${field} is refused: to read one without a writer would never end`, () => {
      withTree({ "k.yaml": kubeconfigText(parts) }, (root) => {
        execFileSync("mkfifo", [join(root, "pipe")]);
        const read = readConnection(join(root, "k.yaml"), "");
        assert.ok("problems" in read);
        const lines = read.problems.map(problemLine);
        assert.ok(
          lines.some((line) => line.endsWith(`: ${field}: names a pipe. Name a regular file.`)),
          lines.join("\n"),
        );
      });
    });
  }
});
