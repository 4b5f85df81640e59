import assert from "node:assert/strict";
import { placed } from "../../../bench/peer/addresses.js";
import { githubProvider, resource } from "./resources.js";

const addresses = (...names: readonly string[]) =>
  placed(names.map((name) => resource("kubernetes:core/v1:ConfigMap", name))).map(({ address }) => address);

describe("the address of a resource in OpenTofu", () => {
  it("does not exist for a type without a counterpart, which is an error with its name", () => {
    const team = resource("github:index/team:Team", "data");
    assert.throws(() => placed([team]), /no counterpart of urn:.*::data for OpenTofu: add github:index\/team:Team/);
  });

  it("is missing for components, providers and the stack", () => {
    const component = resource("fleet:tenant:Tenant", "search", {}, { custom: false });
    const stack = resource("pulumi:pulumi:Stack", "fleet-staging", {}, { custom: false });
    assert.deepEqual(placed([stack, component, githubProvider]), []);
  });

  it("has letters, digits, hyphens and underscores only, and begins with no digit", () => {
    assert.deepEqual(addresses("seed-fleet/a.yaml", "2nd", "-x", "Ümlaut"), [
      "kubectl_manifest.seed-fleet_a_yaml",
      "kubectl_manifest._2nd",
      "kubectl_manifest._-x",
      "kubectl_manifest._mlaut",
    ]);
  });

  it("is unique for its type, however alike the names are", () => {
    assert.deepEqual(addresses("a/b", "a.b", "a_b_2", "a:b"), [
      "kubectl_manifest.a_b",
      "kubectl_manifest.a_b_2",
      "kubectl_manifest.a_b_2_2",
      "kubectl_manifest.a_b_3",
    ]);
    const both = placed([
      resource("kubernetes:core/v1:Secret", "git"),
      resource("github:index/repository:Repository", "git"),
    ]);
    assert.deepEqual(
      both.map(({ address }) => address),
      ["kubectl_manifest.git", "github_repository.git"],
    );
  });
});
