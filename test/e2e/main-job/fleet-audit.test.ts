import assert from "node:assert/strict";
import { execa } from "execa";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";

describe("main job: fleet audit of the staging stack", function () {
  this.timeout(20 * 60_000);
  let checkout: string;
  let staging: TestEnvironment;
  before(async () => {
    const sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    await staging.engine.ensureUp();
    checkout = await copyCheckout(await sandbox.scratch("audit"));
  });

  const audit = async () => {
    const { stdout: context } = await execa("kubectl", ["config", "current-context"], { env: staging.variables });
    const { code, out, err } = await runFleetCommand(
      staging,
      checkout,
      "audit",
      "--context",
      context,
      "--output",
      "json",
    );
    assert.equal(code, 1, err);
    return (JSON.parse(out) as AuditOutput).findings.filter(({ severity }) => severity === "high");
  };
  const places = ["payments", "team-search"];

  it("finds nothing severe in the tenants, and no way by which one reaches the whole cluster", async () => {
    const found = await audit();
    const ofTenants = found.filter(({ object }) => places.some((place) => object.includes(` ${place}/`)));
    assert.deepEqual(ofTenants, []);
    assert.deepEqual(
      found.filter(({ rule }) => ["escalation-path", "binding-cluster-admin", "controller-flag"].includes(rule)),
      [],
    );
  });

  it("finds a binding made by hand, and the way over it, with the command that ends it", async () => {
    const env = staging.variables;
    const rogue = ["clusterrolebinding", "rogue"];
    await execa("kubectl", ["create", ...rogue, "--clusterrole=cluster-admin", "--serviceaccount=payments:ci"], {
      env,
    });
    try {
      const found = await audit();
      const fix = "kubectl delete clusterrolebindings.rbac.authorization.k8s.io/rogue";
      const named = found.filter((one) => one.fix === fix).map(({ rule, object }) => `${rule} ${object}`);
      for (const expected of [
        "binding-cluster-admin ClusterRoleBinding rogue",
        "escalation-path Kustomization payments/team-payments",
      ]) {
        assert.ok(named.includes(expected), named.join("\n"));
      }
    } finally {
      await execa("kubectl", ["delete", ...rogue], { env });
    }
  });
});

interface AuditOutput {
  readonly findings: readonly {
    readonly severity: string;
    readonly rule: string;
    readonly object: string;
    readonly fix: string;
  }[];
}
