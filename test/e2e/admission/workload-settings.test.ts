import assert from "node:assert/strict";
import { CoreV1Api } from "@kubernetes/client-node";
import { DryRun } from "../../support/e2e/dry-run.js";
import { deployment, everyWorkload, pod } from "../../support/objects/workloads.js";
import { prepare, withoutDefaultClass } from "./bare-cluster.js";
import { allowed, type Place } from "./cases.js";
import { digestCases, tagCases } from "./image-cases.js";
import { PolicySettings, place } from "./policy-settings.js";
import { attributesClassCases, classlessCases, storageClassCases } from "./volume-cases.js";
import { silent, zeroCases } from "./workload-cases.js";

/** A tenant's namespace whose limit range is gone. */
const unlimited: Place = { ...place, namespace: "team-unlimited" };

/** Settings of a stack about workloads and their storage, on a real API server. */
describe("Admission policies on workloads and storage, as a stack sets them", function () {
  this.timeout(90 * 60_000);
  let stack: PolicySettings;

  before(async () => {
    stack = await PolicySettings.prepare();
    const { clients } = stack.cluster;
    await prepare(stack.cluster, unlimited.namespace);
    await clients.client(CoreV1Api).deleteNamespacedLimitRange({ name: "tenant", namespace: unlimited.namespace });
  });
  after(() => stack?.clear());

  describe("with resources left to the limit range", () => {
    const refused = /fleet-workload-resources/;

    before(() =>
      stack.enforce({ workloadResources: "defaulted" }, allowed({ "a silent Deployment": deployment(place, silent) })),
    );

    it("allows workloads that declare nothing, of which the limit range makes pods with limits", () =>
      stack.check(allowed({ ...everyWorkload(place, "that declares nothing", silent), "a pod": pod(place, silent) })));

    it("refuses limits of zero still, which the limit range takes for limits", () =>
      stack.check(zeroCases(place, refused)));

    it("refuses a pod where the limit range is gone", async () => {
      const who = await stack.tenantOf(unlimited);
      assert.match((await who.create(pod(unlimited, silent))) ?? "", refused);
      assert.equal(await who.create(pod(unlimited)), undefined);
    });
  });

  describe("with nodes that may hand out what they have", () => {
    before(() =>
      stack.enforce({ images: { registries: [], digests: "optional", pullPolicy: "any" } }, tagCases(place)),
    );

    it("refuses a tag that moves, unless it is pulled always", () => stack.check(tagCases(place)));
  });

  describe("with digests demanded", () => {
    before(() =>
      stack.enforce({ images: { registries: [], digests: "required", pullPolicy: "any" } }, digestCases(place)),
    );

    it("refuses tags alone, and allows digests", () => stack.check(digestCases(place)));
  });

  describe("with lists of classes of storage, and raw devices", () => {
    const cases = [...storageClassCases(place), ...attributesClassCases(place)];
    const settings = { storageClasses: ["fast"], volumeAttributesClasses: ["gold"], blockVolumes: "any" } as const;

    before(() => stack.enforce(settings, cases));

    it("refuses claims of other classes", () => stack.check(cases));
  });

  describe("on a cluster without a default storage class", () => {
    let putBack: () => Promise<void>;

    before(async () => {
      await stack.enforce({ storageClasses: ["fast"] }, storageClassCases(place));
      putBack = await withoutDefaultClass(stack.cluster);
      // The API server hears of the removal a moment later.
      for (const one of classlessCases(place).filter(({ refused }) => refused !== undefined)) {
        await stack.waitFor(one);
      }
    });
    after(() => putBack());

    it("refuses claims without a class, which would take any volume without one", () =>
      stack.check(classlessCases(place)));

    it("refuses them also to the controllers that create them from templates, and not to the platform", async () => {
      const [classless] = classlessCases(place);
      assert.ok(classless?.refused);
      const controllers = await stack.cluster.clients.serviceAccount("kube-system", "statefulset-controller");
      assert.match((await new DryRun(controllers).create(classless.object)) ?? "", classless.refused);
      assert.equal(await new DryRun(stack.cluster.clients.admin).create(classless.object), undefined);
    });
  });
});
