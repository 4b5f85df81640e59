import assert from "node:assert/strict";
import { defaultProviderProblems } from "../../../../config/stack/default-providers.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { assertProblems } from "../../../support/unit/checkout-tree.js";

const lines = (configured: string | undefined) => defaultProviderProblems("prod-us", configured).map(problemLine);

describe("a stack that leaves default providers enabled is refused", () => {
  for (const configured of [undefined, "", "[]", "null", "*", "kubernetes", '{"*": true}', '["aws"]', '[["*"]]']) {
    it(`with ${configured === undefined ? "no such setting" : JSON.stringify(configured)}`, () => {
      const [line, ...others] = lines(configured);
      assert.deepEqual(others, []);
      assert.match(
        line ?? "",
        /^Pulumi\.prod-us\.yaml: pulumi:disable-default-providers: leaves .* enabled \(github, kubernetes, tls\), /,
      );
    });
  }

  it("naming those that a list of packages leaves out", () => {
    assert.match(lines('["kubernetes", "tls"]')[0] ?? "", /enabled \(github\)/);
  });

  it("when it is loaded, together with its other problems", () => {
    assertProblems(
      { disabledDefaultProviders: undefined, config: { logLevel: "loud" } },
      /^Pulumi\.staging\.yaml: fleet:logLevel: /,
      /^Pulumi\.staging\.yaml: pulumi:disable-default-providers: /,
    );
  });
});

describe("a stack that disables default providers is accepted", () => {
  for (const configured of ['["*"]', '["aws", " * "]', '["kubernetes", "github", "tls"]']) {
    it(`by ${configured}`, () => assert.deepEqual(lines(configured), []));
  }
});
