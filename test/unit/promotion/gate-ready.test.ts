import assert from "node:assert/strict";
import { withLook } from "../../../promotion/ready.js";
import {
  commit,
  content,
  hour,
  look,
  needsReady,
  newer,
  older,
  pin,
  proofOf,
  refusals,
  staging,
  start,
} from "../../support/unit/promotion-gate.js";

describe("promotion that needs a Ready predecessor refuses", () => {
  it("all that was applied and never looked at, each by name", () => {
    const lines = refusals({ promotion: needsReady });
    assert.equal(lines.length, 5, lines.join("\n"));
    assert.match(
      lines[1] ?? "",
      /^index\.ts: the stack staging has applied this version of the program, and was never Ready with it\. Run npx fleet wait staging, and correct first what it names\.$/,
    );
  });

  it("the tenant that was not Ready, in Flux's words, and no other", () => {
    const words = "Kustomization team-b/team-b: quota exceeded";
    const proved = withLook(proofOf(content()), look(commit, { "team-b/team-b": words }), start);
    const lines = refusals({ promotion: needsReady, predecessor: staging(proved) });
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(
      lines[0] ?? "",
      /has applied this base file of the tenant team-b, and was never Ready with it \(team-b: Kustomization team-b\/team-b: quota exceeded\)/,
    );
    const own = content().filter(({ name }) => name !== "team-b");
    assert.deepEqual(refusals({ promotion: needsReady, predecessor: staging(proved), content: own }), []);
  });

  it("Flux, program and charts when the platform was not Ready", () => {
    const proved = withLook(proofOf(content()), look(commit, { platform: "GitRepository: boom" }), start);
    const lines = refusals({ promotion: needsReady, predecessor: staging(proved) });
    assert.deepEqual(
      lines.map((line) => /has applied (Flux|this version|HelmRelease).* \(platform: GitRepository: boom\)/.test(line)),
      [true, true, true],
    );
  });

  it("a base file that was applied after the last look, and a soak that begins with the look", () => {
    const first = withLook(proofOf(content()), look(commit), start + hour / 2);
    const proved = proofOf(content({ "tenant team-a": "2" }), start + hour / 2, first);
    const after = { promotion: needsReady, predecessor: staging(proved), content: content({ "tenant team-a": "2" }) };
    assert.match(
      refusals(after).join(),
      /team-a\.yaml: the stack staging has applied this base file of the tenant team-a, and was/,
    );
    const soaking = { promotion: { ...needsReady, soak: "45m" }, predecessor: staging(first) };
    assert.match(refusals(soaking).join(), /has run this version of the program for 30m, and fleet:soak is 45m/);
  });

  it("a tag with the name of a branch that the predecessor follows: it may lead to any commit", () => {
    const proved = withLook(proofOf(content()), look(commit), start);
    const args = { promotion: needsReady, predecessor: staging(proved), own: proofOf(content()) };
    const lines = refusals({ ...args, content: [...content(), pin("team-a/team-a", "main")] });
    assert.match(lines.join(), /the stack staging was never Ready with the revision main of team-a/);
  });

  it("a pinned revision that was never Ready, and one that was for less than the soak", () => {
    const proved = withLook(withLook(proofOf(content()), look(older), start), look(commit), start + hour / 2);
    const args = { promotion: needsReady, predecessor: staging(proved), own: proofOf(content()) };
    assert.deepEqual(refusals({ ...args, content: [...content(), pin("team-a/team-a", newer)] }), [
      `stacks/prod/tenants/team-a.yaml: sync.ref: the stack staging was never Ready with the revision ${newer} of team-a. Run npx fleet wait staging, then npx fleet promote staging prod --tenant team-a.`,
    ]);
    assert.match(
      refusals({ ...args, content: [...content(), pin("platform", newer)] }).join(),
      /was never Ready with the platform's commit c+\. Run .* promote staging prod --platform/,
    );
    const soaked = { ...args, promotion: { ...needsReady, soak: "45m" } };
    assert.match(
      refusals({ ...soaked, content: [...content(), pin("team-a/team-a", commit)] }).join(),
      /has run the revision a+ of team-a for 30m, and fleet:soak is 45m/,
    );
  });
});

describe("promotion that needs a Ready predecessor lets pass", () => {
  it("a record by a clock that is ahead, where no soak is set", () => {
    const proved = withLook(proofOf(content()), look(commit), start + 2 * hour);
    const args = { predecessor: staging(proved), now: start + hour };
    assert.deepEqual(refusals({ ...args, promotion: needsReady }), []);
    assert.match(
      refusals({ ...args, promotion: { ...needsReady, soak: "1h" } }).join(),
      / for 0s, and fleet:soak is 1h/,
    );
  });

  it("all that was Ready, with the commit, the tag and older revisions of its record", () => {
    const proved = withLook(withLook(proofOf(content()), look(older), start), look(commit), start + hour / 2);
    const pins = [pin("platform", older), pin("team-a/team-a", commit), pin("team-b/team-b", "v1.4.2")];
    const args = { promotion: needsReady, predecessor: staging(proved) };
    assert.deepEqual(refusals({ ...args, content: [...content(), ...pins] }), []);
  });

  it("a pin that the stack has already, and every pin where applied is enough", () => {
    const pins = [...content(), pin("team-a/team-a", newer)];
    assert.deepEqual(refusals({ content: pins }), []);
    const proved = withLook(proofOf(content()), look(commit), start);
    const args = { promotion: needsReady, predecessor: staging(proved) };
    assert.deepEqual(refusals({ ...args, content: pins, own: proofOf(pins) }), []);
  });
});
