import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { CoreV1Api } from "@kubernetes/client-node";
import { parseProof } from "../../../promotion/proof.js";
import { fleetUp } from "../../support/e2e/fleet-up.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { tenantsReady } from "./ready.js";
import { copyForStaging, type StagingCopy } from "./staging-copy.js";

const [changed, other] = ["team-search", "team-payments"];

/** A resource in the state, with everything that the engine keeps of it. */
interface Entry {
  readonly urn: string;
  readonly parent?: string;
  readonly [field: string]: unknown;
}

/**
 * The engine updates one tenant, although the program registers no other. These tests are the last ones of their sandbox
 * (fleet.ts), so nothing restores the stack.
 */
describe("An update of one tenant", function () {
  this.timeout(30 * 60_000);
  let environment: StagingCopy["environment"];
  let cwd: string;

  before(async () => {
    ({ environment, cwd } = await copyForStaging(copyCheckout));
    await tenantsReady(environment.kubernetes);
  });
  const update = () => fleetUp(environment, cwd, changed);
  const resize = (tenant: string, size: string) =>
    editYaml(cwd, `stacks/base/tenants/${tenant}.yaml`, [[["limits"], { size }]]);
  const pods = async (namespace: string) => {
    const core = environment.kubernetes.client(CoreV1Api);
    return (await core.readNamespacedResourceQuota({ namespace, name: "tenant" })).spec?.hard?.pods;
  };

  /** The state by URN. A secret is encrypted anew with each update. */
  async function state(): Promise<Map<string, Entry>> {
    const text = (await environment.engine.exportText()).replace(/"ciphertext": *"[^"]*"/g, '"ciphertext": ""');
    const { deployment } = JSON.parse(text) as { deployment: { resources: Entry[] } };
    return new Map(deployment.resources.map((resource) => [resource.urn, resource]));
  }

  /**
   * The fields that differ between two states, without the resources below a tenant's component. Stack traces follow the
   * order of the program's promises.
   */
  function differences(
    tenant: string,
    before: ReadonlyMap<string, Entry>,
    after: ReadonlyMap<string, Entry>,
  ): string[] {
    const isBelow = (entry: Entry | undefined): boolean => {
      if (entry === undefined) return false;
      return entry.urn.endsWith(`fleet:tenant:Tenant::${tenant}`) || isBelow(before.get(entry.parent ?? ""));
    };
    return [...before.values()]
      .filter((entry) => !isBelow(entry))
      .flatMap((entry) => {
        const now = after.get(entry.urn);
        return Object.keys({ ...entry, ...now })
          .filter((field) => field !== "stackTrace" && !isDeepStrictEqual(entry[field], now?.[field]))
          .map((field) => `${field} of ${entry.urn}`);
      });
  }

  it("is no option of pulumi alone: a variable that was left behind stops an update, which would delete all others", async () => {
    const before = await state();
    const all = await environment.engine.upFails({ cwd, env: { FLEET_TENANT_UPDATE: "/nonexistent/update.json" } });
    assert.match(all, /FLEET_TENANT_UPDATE: names no running `fleet up`/);
    assert.deepEqual([...(await state()).keys()], [...before.keys()]);
  });

  it("changes this tenant, keeps everything else in the cluster and in the state, and says what it leaves out", async () => {
    const before = await state();
    const [small, untouched] = [await pods(changed), await pods("payments")];
    await resize(changed, "medium");
    await resize(other, "large");
    const { exitCode, all } = await update();
    assert.equal(exitCode, 0, all);
    assert.match(all, /leaves out changes of files or settings that concern other tenants: team-payments\./);
    assert.notEqual(await pods(changed), small);
    assert.equal(await pods("payments"), untouched);
    const after = await state();
    assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
    // Its base file is proved, and its digest is noted for the next update.
    const proof = "urn:pulumi:staging::fleet::pulumi:index:Stash::fleet-proved";
    const stack = "urn:pulumi:staging::fleet::pulumi:pulumi:Stack::fleet-staging";
    const fields = ["inputs", "outputs", "modified", "sourcePosition"];
    const allowed = [...fields.map((field) => `${field} of ${proof}`), `outputs of ${stack}`];
    const others = differences(changed, before, after).filter((difference) => !allowed.includes(difference));
    assert.deepEqual(others, []);
    // With a dependency, --target-dependents of another resource would take the proof along.
    assert.deepEqual(after.get(proof)?.dependencies ?? [], []);
    const proved = (states: ReadonlyMap<string, Entry>) => parseProof(Object(states.get(proof)?.inputs).input);
    const [old, now] = [proved(before), proved(after)];
    assert.notDeepEqual(now?.tenants[changed], old?.tenants[changed]);
    assert.notDeepEqual(now?.fields[changed], old?.fields[changed]);
    const tenants = { ...now?.tenants, [changed]: old?.tenants[changed] };
    assert.deepEqual({ ...now, tenants, fields: { ...now?.fields, [changed]: old?.fields[changed] } }, old);
  });

  it("leaves the rest to the next update of the whole stack, and nothing of its own", async () => {
    const { stdout } = await environment.engine.succeed(["preview", "--json"], { cwd });
    const { steps } = JSON.parse(stdout) as { steps: readonly { readonly op: string; readonly urn: string }[] };
    const names = steps.filter(({ op }) => op !== "same").map(({ urn }) => urn.split("::").at(-1) ?? "");
    assert.ok(names.length > 0);
    // The proof of what the stack has run changes with the whole stack.
    assert.deepEqual(
      names.filter((name) => !name.startsWith(other)),
      ["fleet-proved"],
    );
  });

  it("is refused by name while a part that all tenants share would change, and changes nothing", async () => {
    const before = await state();
    await resize(changed, "small");
    const size = await pods(changed);
    await editYaml(cwd, "Pulumi.staging.yaml", [[["config", "fleet:allowedSourceHosts"], ["git.example.com"]]]);
    const { exitCode, all } = await update();
    assert.equal(exitCode, 1, all);
    assert.match(
      all,
      /would leave out changes of parts that all tenants share: the admission policies\. Run pulumi up/,
    );
    assert.doesNotMatch(all, /share: Flux/);
    assert.deepEqual([...(await state()).keys()].sort(), [...before.keys()].sort());
    assert.equal(await pods(changed), size);
  });
});
