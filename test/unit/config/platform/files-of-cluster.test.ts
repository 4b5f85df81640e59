import assert from "node:assert/strict";
import { filesOfCluster } from "../../../../config/platform/checks.js";
import {
  base,
  cluster,
  dollars,
  fluxSync,
  info,
  own,
  resources,
  sound,
  sync,
} from "../../../support/unit/platform-files.js";

describe("The files that a cluster needs", () => {
  const variables = { region: "us-east-1", cluster_name: "us-1" };
  const needed = (changes: Readonly<Record<string, string>> = {}) => {
    const files = { ...sound, ...changes };
    const found = filesOfCluster({ files, stack: "prod-us", stacks: ["prod-us", "staging"], variables });
    return found && [...found].filter((file) => Object.hasOwn(files, file)).sort();
  };
  const all = [own, base, info, cluster, sync].sort();
  const other = "fleet/clusters/staging/kustomization.yaml";
  const patch = 'patches: [{patch: "[]", target: {kind: Kustomization}}]\n';

  it("are unknown when a patch or a variable without a value decides on the folder of a sync", () => {
    assert.equal(needed({ [cluster]: `${resources("infrastructure.yaml")}${patch}` }), undefined);
    assert.equal(needed({ [sync]: fluxSync(dollars("./fleet/infrastructure/@{zone}")) }), undefined);
  });

  it("are those of its folder and of the syncs in it, and neither other clusters nor texts beside them", () => {
    assert.deepEqual(needed({ [other]: resources() }), all);
    assert.deepEqual(needed({ [own]: `${resources("../base")}${patch}` }), all);
    const config = "configMapGenerator: [{name: a, files: [values.env]}]\n";
    const values = "fleet/infrastructure/prod-us/values.env";
    const generated = { [own]: `${resources("../base")}${config}`, [values]: "a=b" };
    assert.deepEqual(needed(generated), [...all, values].sort());
  });

  it("are those of another cluster that it includes", () => {
    assert.deepEqual(
      needed({ [other]: resources(), [cluster]: resources("infrastructure.yaml", "../staging") }),
      [other, ...all].sort(),
    );
  });
});
