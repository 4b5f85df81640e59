import assert from "node:assert/strict";
import { substitute } from "../../../../config/platform/substitute.js";
import { dollars } from "../../../support/unit/platform-files.js";

const values = { region: "us-east-1", size: "3" };
const result = (text: string) => substitute(dollars(text), values);

describe("variables of the cluster", () => {
  const cases: readonly (readonly [title: string, text: string, expected: string])[] = [
    ["get their values", "a: @{region}\nb: @{size}", "a: us-east-1\nb: 3"],
    ["without a value keep their text", "a: @{zone}", "a: @{zone}"],
    ["without a value get their default", "@{zone:=a} @{zone:-b} @{zone=c}", "a b c"],
    ["with a value get no default", "@{region:=other}", "us-east-1"],
    ["are replaced in a default", "@{zone:=@{region}-a}", "us-east-1-a"],
    ["in a default without a value keep their text", "@{zone:=@{other}-a}", "@{other}-a"],
    ["that an operator changes keep their text", "@{region^^} @{region:0:2}", "@{region^^} @{region:0:2}"],
    ["that are escaped become the text itself", "$@{region} $region", "@{region} $region"],
    ["named like what every object has keep their text", "@{constructor}", "@{constructor}"],
    ["before one that Flux cannot read are replaced", "@{region} @{a.b} @{size}", "us-east-1 @{a.b} @{size}"],
  ];
  for (const [title, text, expected] of cases) {
    it(title, () => assert.equal(result(text), dollars(expected)));
  }
});
