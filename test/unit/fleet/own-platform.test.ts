import assert from "node:assert/strict";
import { platformFindings } from "../../../cli/platform/platform-findings.js";
import { readFolder } from "../../../config/files/read-folder.js";
import { tenantNamespace } from "../../../config/rules/names.js";
import { findingLine, isBlocking } from "../../../review/rules/judge.js";
import { readWaivers } from "../../../review/rules/waivers.js";
import { fixtures } from "../../support/fixtures.js";
import { root } from "../../support/unit/fleet.js";
import { fluxManifestsFor, kustomizeFor } from "../../support/unit/kustomize.js";
import { stackNames, stackSpec } from "../../support/unit/stack-config.js";

const today = new Date().toISOString().slice(0, 10);

describe("the namespaces of the infrastructure that the project brings", () => {
  for (const name of [
    "cert-manager",
    "envoy-gateway-system",
    "external-secrets",
    "flagger",
    "metrics-server",
    "platform",
  ]) {
    it(`cannot be those of tenants: ${name}`, () => {
      assert.match(tenantNamespace.check(name)?.message ?? "", /is reserved/);
    });
  }
});

/** The files that Flux applies for the platform, of the checkout and of the fixtures, by kustomize's own build. */
describe("the rules of the platform, on", () => {
  for (const folder of [root, fixtures]) {
    for (const stack of stackNames(folder)) {
      const name = `${folder === root ? "the checkout's" : "the fixtures'"} stack ${stack}`;
      const judged = async (flux: { readonly manifests?: string | undefined; readonly withoutFlux: boolean }) => {
        const { findings } = await platformFindings({
          root: folder,
          lockRoot: root,
          specs: [stackSpec(folder, stack)],
          ...flux,
          waivers: readWaivers(folder, today),
          today,
          environment: process.env,
        });
        return findings.filter(isBlocking).map(findingLine);
      };

      it(`${name}, find nothing that a waiver does not accept`, async function () {
        assert.ok(Object.keys(readFolder(folder, "fleet")).length > 0);
        await kustomizeFor(this);
        assert.deepEqual(await judged({ withoutFlux: true }), []);
      });

      it(`${name}, find the form of Flux's objects right`, async function () {
        await kustomizeFor(this);
        const { version } = stackSpec(folder, stack).flux;
        assert.deepEqual(await judged({ manifests: await fluxManifestsFor(this, version), withoutFlux: false }), []);
      });
    }
  }
});
