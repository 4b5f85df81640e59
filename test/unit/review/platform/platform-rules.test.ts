import assert from "node:assert/strict";
import { judgePlatform } from "../../../../review/platform/judge-platform.js";
import { platformRules } from "../../../../review/platform/platform-rules.js";
import { findingLine } from "../../../../review/rules/judge.js";
import { accountsCases } from "./cases/accounts.js";
import { buildsCases } from "./cases/builds.js";
import { certificatesCases } from "./cases/certificates.js";
import { chartsCases } from "./cases/charts.js";
import { allDigestsCases, digestsCases } from "./cases/digests.js";
import { filesCases } from "./cases/files.js";
import { hardeningCases } from "./cases/hardening.js";
import { imagesCases } from "./cases/images.js";
import { orderCases } from "./cases/order.js";
import { ownedObjectsCases } from "./cases/owned-objects.js";
import type { PlatformCases } from "./cases/platform-case.js";
import { referencesCases } from "./cases/references.js";
import { rolesCases } from "./cases/roles.js";
import { schemasCases } from "./cases/schemas.js";
import { sourcesCases } from "./cases/sources.js";
import { tenantsCases } from "./cases/tenants.js";
import { workloadsCases } from "./cases/workloads.js";

/** The cases of each rule, by its name. */
const ruleCases: Readonly<Record<string, PlatformCases>> = {
  "platform-files": filesCases,
  "platform-builds": buildsCases,
  "platform-schemas": schemasCases,
  "platform-accounts": accountsCases,
  "platform-references": referencesCases,
  "platform-tenants": tenantsCases,
  "platform-owned": ownedObjectsCases,
  "platform-workloads": workloadsCases,
  "platform-order": orderCases,
  "platform-charts": chartsCases,
  "platform-digests": digestsCases,
  "platform-all-digests": allDigestsCases,
  "platform-sources": sourcesCases,
  "platform-images": imagesCases,
  "platform-roles": rolesCases,
  "platform-hardening": hardeningCases,
  "platform-certificates": certificatesCases,
};

describe("the rules of the platform", () => {
  it("have cases that break them and cases that keep them", () => {
    assert.deepEqual(Object.keys(ruleCases).sort(), platformRules.map(({ name }) => name).sort());
    for (const [name, { violating, clean }] of Object.entries(ruleCases)) {
      assert.ok(violating.length > 0 && clean.length > 0, name);
    }
  });

  for (const { name, title, violations } of platformRules) {
    describe(`${name}: ${title}`, () => {
      for (const { title: what, platform, violations: expected } of ruleCases[name]?.violating ?? []) {
        it(`is broken by ${what}`, () => {
          const found = violations(platform).map(({ place, message }) => {
            const line = place.line === undefined ? "" : `:${place.line}`;
            return `${place.file}${line} ${message}`;
          });
          assert.deepEqual(found, expected);
        });
      }
      for (const { title: what, platform } of ruleCases[name]?.clean ?? []) {
        it(`is kept by ${what}`, () => assert.deepEqual(violations(platform), []));
      }
    });
  }
});

describe("a violation of the platform's rules", () => {
  const platform = imagesCases.violating[0]?.platform;
  const waiver = {
    rule: "platform-images",
    resource: "Deployment platform/proxy",
    reason: "the image has no versions",
    owner: "@acme/platform",
    expires: "2027-03-31",
  };
  const lines = (today: string) => {
    assert.ok(platform !== undefined);
    return judgePlatform(platform, { waivers: [waiver], today }).map(findingLine);
  };

  it("is told with file, line, reason and remedy, and accepted by a waiver", () => {
    assert.deepEqual(lines("2027-03-31"), [
      "fleet/infrastructure/staging/parts.yaml:8: spec.template.spec.containers[0].image: [platform-images, mandatory] Deployment platform/proxy runs proxy: without one, each start of a pod may run another version. Write the version, and its digest behind it, in the manifest or in images of the kustomization. Accepted until 2027-03-31 by @acme/platform: the image has no versions.",
    ]);
  });

  it("is not accepted after the last day of the waiver", () => {
    assert.doesNotMatch(lines("2027-04-01").join(), /Accepted/);
  });
});
