import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { isDeviation } from "../../../operate/access/matrix.js";
import { reportInPage } from "../../../operate/report/page-data.js";
import type { StackReport } from "../../../operate/report/report.js";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { runVerify, type VerifyResult, verifyResult } from "../../support/e2e/fleet-verify.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { tenantsReady } from "../fleet/ready.js";
import type { Workplace } from "./damage-requests.js";
import { damages } from "./damages.js";

/** A cluster that is damaged by hand: `fleet verify` names each damage, and holds again after an update. */
describe("fleet verify", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let root: string;
  let place: Workplace;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    root = await copyCheckout(await sandbox.scratch("verify"));
    await editYaml(root, "Pulumi.staging.yaml", [
      [["config", "fleet:webhookUrl"], environment.variables.FLEET_WEBHOOK_URL],
      [["config", "fleet:ingressNamespaces"], ["ingress-nginx"]],
    ]);
    await editYaml(root, join("stacks", "base", "tenants", "team-search.yaml"), [
      [["webhook"], true],
      [["hosts"], ["search.example.com"]],
    ]);
    await environment.engine.up({ cwd: root });
    await tenantsReady(environment.kubernetes);
    place = { kubernetes: environment.kubernetes, github: await sandbox.github() };
  });

  const verify = async (): Promise<{ readonly exitCode: number | undefined; readonly result: VerifyResult }> => {
    const { exitCode, stdout, stderr } = await runVerify(environment, root, [
      "--output",
      "json",
      "--max-key-age",
      "90d",
    ]);
    assert.match(stdout, /^\{/, stderr);
    return { exitCode, result: verifyResult(stdout) };
  };

  /** `npx fleet report` into the same file each time. */
  const report = async () => {
    const file = join(root, "report.html");
    const { code, out, err } = await runFleetCommand(environment, root, "report", environment.stack, "--html", file);
    const page = await readFile(file, "utf8").catch(() => "");
    const read = reportInPage(page);
    const [stack] = "report" in read ? read.report.stacks : assert.fail(`${read.problem}: ${err}`);
    return { code, out, err, page, stack: stack ?? assert.fail(err) };
  };
  const deviations = ({ proof }: StackReport) =>
    (proof?.accounts ?? []).flatMap(({ account, cells }) =>
      cells.filter(isDeviation).map(({ right, namespace = "the cluster", bindings, review = "not asked" }) => {
        return `${account}: ${right} in ${namespace} by ${bindings.join(", ")}, review: ${review}`;
      }),
    );

  it("names each of many damages by hand, with its owner and its fix", async () => {
    for (const { make } of damages) await make(place);
    const { exitCode, result } = await verify();
    const found = result.checks.flatMap(({ findings }) => findings);
    const missing = damages.filter(
      ({ kind, object }) => !found.some((one) => one.kind === kind && one.object === object),
    );
    assert.deepEqual(
      missing.map(({ title }) => title),
      [],
      found.map((one) => `${one.kind} ${one.object}: ${one.difference}`).join("\n"),
    );
    for (const { owner, fix, object } of found) {
      assert.ok(owner.file !== "" && fix !== "", object);
    }
    assert.equal(exitCode, 1);
    assert.doesNotMatch(JSON.stringify(result), /PRIVATE KEY/);
  });

  it("has a report whose matrix shows the rights that a damage gives, with their proof", async () => {
    const { code, err, stack } = await report();
    assert.deepEqual([code, stack.problems], [1, []], err);
    const found = deviations(stack);
    for (const cell of [
      "payments/reconciler: get secrets in team-search by RoleBinding team-search/reconciler, review: true",
      "payments/reconciler: create deployments.apps in team-search by RoleBinding team-search/reconciler, review: not asked",
      "team-search/default: list secrets in the cluster by ClusterRoleBinding rogue, review: true",
    ]) {
      assert.ok(found.includes(cell), `${cell}:\n${found.join("\n")}`);
    }
    const run = stack.proof?.dryRuns.find(({ policy }) => policy === "fleet-host-ports");
    assert.deepEqual([run?.refusedBy, run?.status], [undefined, 201]);
    assert.ok(stack.keys.some(({ place, since }) => place === "acme/team-search" && since !== undefined));
  });

  it("holds again after the fixes that it names, and pulumi up --refresh", async () => {
    for (const { mend } of damages) await mend?.(place);
    await environment.engine.succeed(["up", "--yes", "--skip-preview", "--refresh"], { cwd: root });
    // The update commits to the platform's repository. Flux would fetch that within an interval.
    const platform = ["reconcile", "kustomization", "platform", "--with-source", "--namespace", "flux-system"];
    await execa("flux", platform, { env: environment.variables });
    await tenantsReady(environment.kubernetes);
    const { exitCode, result } = await verify();
    const found = result.checks.flatMap(({ findings }) => findings);
    assert.deepEqual(
      found.map((one) => `${one.kind} ${one.object}: ${one.difference}`),
      [],
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(
      result.admission.unproven.map(({ policy }) => policy),
      ["fleet-image-automation", "fleet-owned-namespaces", "fleet-quota-reserve", "fleet-robots"],
    );
  });

  it("has a report that holds, and names the rights that are gone since the one before", async () => {
    const { code, out, err, page, stack } = await report();
    assert.deepEqual([code, deviations(stack)], [0, []], `${err}${out}`);
    const { tenants = [] } = stack.cluster ?? {};
    assert.deepEqual(
      tenants.map(({ name, syncs, quotas }) => [name, syncs.every(({ ready }) => ready), quotas.length > 0]),
      [
        ["team-payments", true, true],
        ["team-search", true, true],
      ],
    );
    assert.match(page, /team-search\/default: list secrets in the whole cluster<\/th><td>allowed<\/td><td>is gone/);
    assert.ok((stack.proof?.accounts ?? []).every(({ cells }) => cells.some(({ review }) => review === false)));
  });

  it("could not look at a cluster that does not answer, with exit code 3, and changes nothing", async () => {
    const { exitCode, stdout, stderr } = await runVerify(environment, root, [], {
      KUBECONFIG: join(root, "none.yaml"),
    });
    assert.deepEqual({ exitCode, stdout }, { exitCode: 3, stdout: "" });
    assert.match(stderr, /KUBECONFIG/);
  });
});
