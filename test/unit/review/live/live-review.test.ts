import assert from "node:assert/strict";
import { type OutputForm, printers } from "../../../../review/document/print.js";
import { review } from "../../../../review/document/review.js";
import { liveEntries } from "../../../../review/live/live-entries.js";
import { type LiveArgs, livePlans, liveSteps } from "../../../../review/live/live-plans.js";
import type { EnginePreview, EngineState, EngineStep } from "../../../../review/live/preview.js";
import { plainText } from "../../../../review/phrase.js";
import { enginePreview, engineState, engineStep, urnOf } from "../../../support/unit/engine-preview.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const spec = fleetSpec({ tenants: [tenantSpec("search", { team: { name: "people", existing: true } })] });

const [quotaType, secretType] = ["kubernetes:core/v1:ResourceQuota", "kubernetes:core/v1:Secret"];
const repositoryType = "github:index/repository:Repository";
const tenant = engineState("fleet:tenant:Tenant", "search");
const stack = engineState("pulumi:pulumi:Stack", "fleet-staging", { outputs: { fluxVersion: "v2.9.1" } });
const parent = tenant.urn;

const quota = (pods: string, fields: Partial<EngineState> = {}) =>
  engineState(quotaType, "search-quota", {
    parent,
    provider: `${urnOf("pulumi:providers:kubernetes", "kubernetes")}::1234`,
    inputs: { metadata: { name: "tenant", namespace: "search" }, spec: { hard: { pods } } },
    ...fields,
  });
const space = engineState("kubernetes:core/v1:Namespace", "search-namespace", {
  parent,
  inputs: { metadata: { name: "search" } },
});
const repository = (fields: Partial<EngineState> = {}) =>
  engineState(repositoryType, "search-repository", {
    parent,
    inputs: { name: "search", visibility: "private" },
    ...fields,
  });
const same = (state: EngineState) => engineStep("same", { before: state, after: state });
/** Steps that each stack has. */
const unchanged = [same(stack), same(tenant), same(space)];

function argsOf(steps: readonly EngineStep[], further: Partial<LiveArgs> = {}): LiveArgs {
  return { spec, preview: enginePreview([...unchanged, ...steps]), ...further };
}

function documentOf(args: LiveArgs) {
  const steps = liveSteps(args);
  const plans = [livePlans(steps, args)];
  return review({ base: "state", head: "tree", stacks: plans, further: liveEntries(steps, args) });
}

/** Effect and sentence of each entry, in the order of the document. */
function told(args: LiveArgs): string[] {
  return documentOf(args).entries.map(({ effect, sentence }) => `${effect ?? "object"}: ${plainText(sentence)}`);
}

const fieldsOf = (args: LiveArgs) => documentOf(args).entries.flatMap(({ fields }) => fields);

describe("the review of a preview", () => {
  const notSame = (steps: readonly EngineStep[]) =>
    told(argsOf(steps)).filter((line) => !line.startsWith("object: Flux"));

  it("names the versions of Flux of the last update and of this one", () => {
    assert.deepEqual(told(argsOf([])), [`object: Flux changes from v2.9.1 to ${spec.flux.version}`]);
  });

  it("of an unchanged stack has no entry, whatever the engine keeps for itself", () => {
    const stash = (input: string) => engineState("pulumi:index:Stash", "fleet-proved", { inputs: { input } });
    const reader = engineState("pulumi:providers:pulumi", "default");
    const read = engineState("kubernetes:core/v1:Secret", "read", { external: true });
    const leftover = quota("1", { delete: true });
    const steps = [
      same(quota("5")),
      engineStep("update", { before: stash("a"), after: stash("b") }),
      engineStep("create", { after: reader }),
      engineStep("read", { after: read }),
      engineStep("delete", { before: leftover }),
    ];
    assert.deepEqual(notSame(steps), []);
  });

  it("tells rights and fields of a changed object, of its tenant", () => {
    const args = argsOf([engineStep("update", { before: quota("5"), after: quota("9") })]);
    const [, raised] = documentOf(args).entries.toReversed();
    assert.equal(raised && plainText(raised.sentence), "ResourceQuota search/tenant");
    assert.deepEqual(raised?.targets, [{ stack: "staging", tenant: "search" }]);
    assert.deepEqual(raised?.fields, [{ path: "spec.hard.pods", before: "5", after: "9" }]);
    assert.ok(told(args).includes("gained: quota search/tenant raised: pods from 5 to 9"));
  });

  it("shows a secret that changes as another secret, and no other one", () => {
    const secret = (name: string) =>
      engineState(secretType, name, { parent, inputs: { metadata: { name }, data: "[secret]" } });
    const [git, chat] = [secret("git"), secret("chat")];
    const args = argsOf([
      engineStep("update", { before: git, after: git }, { detailedDiff: { "data.identity": { kind: "update" } } }),
      same(chat),
    ]);
    assert.deepEqual(fieldsOf(args), [{ path: "data", before: "(secret)", after: "(another secret)" }]);
    for (const form of ["text", "markdown", "json"] satisfies OutputForm[]) {
      assert.doesNotMatch(printers[form](documentOf(args)), /\[secret\]|identity/);
    }
  });

  it("tells that a stack with a predecessor follows a branch from now on", () => {
    const sync = (type: string, inputs: object) =>
      engineState(type, type.split("/").at(-1) ?? "", {
        parent,
        inputs: { metadata: { name: "search" }, spec: inputs },
      });
    const source = (ref: object) =>
      sync("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", { url: "ssh://git@github.com/acme/search", ref });
    const applied = sync("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", { sourceRef: { name: "search" } });
    const [pinned, moving] = [source({ commit: "a".repeat(40) }), source({ branch: "main" })];
    const steps = [same(applied), engineStep("update", { before: pinned, after: moving })];
    const follower = { ...spec, promotion: { ...spec.promotion, from: "dev" } };
    const sentence = "gained: each push to main of acme/search reaches staging at once, before dev has run it";
    assert.ok(told(argsOf(steps, { spec: follower })).includes(sentence));
    assert.ok(!told(argsOf(steps)).includes(sentence));
  });

  it("tells an update whose reason the inputs do not show", () => {
    const steps = [engineStep("update", { before: quota("5"), after: quota("5") }, { diffReasons: ["status"] })];
    assert.deepEqual(notSame(steps), [
      "warning: the engine updates ResourceQuota search/tenant, though its inputs are the same: status",
    ]);
  });

  it("tells options that change without the inputs", () => {
    const args = argsOf([engineStep("same", { before: repository({ retainOnDelete: true }), after: repository() })]);
    assert.ok(told(args).includes("loss: repository search is archived by a later removal or pulumi destroy"));
  });

  it("tells what is deleted, and what the update only forgets", () => {
    assert.deepEqual(notSame([engineStep("delete", { before: repository() })]), [
      "loss: repository search is archived",
      "object: Repository search is removed",
    ]);
    assert.deepEqual(notSame([engineStep("delete", { before: repository({ retainOnDelete: true }) })]), [
      "warning: Repository search stays as it is: the update only removes it from the state",
    ]);
  });

  it("tells a replaced object as a loss, but not one that is created again after others deleted it", () => {
    assert.deepEqual(notSame([engineStep("replace", { before: quota("5"), after: quota("5") })]), [
      "loss: ResourceQuota search/tenant is replaced: the update deletes it and creates it again",
    ]);
    const again = quota("5", { replaceOnChanges: ["*"] });
    assert.deepEqual(notSame([engineStep("replace", { before: quota("5"), after: again })]), []);
    // The option goes with the next update.
    assert.deepEqual(notSame([engineStep("same", { before: again, after: quota("5") })]), []);
  });

  it("tells a private key that is replaced once, with other inputs or with the same", () => {
    const pair = (algorithm: string) =>
      engineState("tls:index/privateKey:PrivateKey", "search-key-pair", { parent, inputs: { algorithm } });
    const losses = (to: string) =>
      notSame([engineStep("replace", { before: pair("ED25519"), after: pair(to) })]).filter((line) =>
        line.startsWith("loss: "),
      );
    assert.deepEqual(losses("RSA"), ["loss: private key search-key-pair is replaced by a new one"]);
    assert.deepEqual(losses("ED25519"), [
      "loss: PrivateKey search-key-pair is replaced: the update deletes it and creates it again",
    ]);
  });

  it("tells an existing object that the update takes over", () => {
    const steps = [engineStep("import", { before: repository(), after: repository() })];
    assert.ok(notSame(steps).includes("warning: Repository search exists, and the update takes it over"));
  });

  it("of a stack without a state is one entry about a new stack", () => {
    const created = [tenant, space, quota("5")].map((after) => engineStep("create", { after }));
    const preview = enginePreview([engineStep("create", { after: { ...stack, outputs: {} } }), ...created]);
    const [first, ...others] = told({ spec, preview });
    assert.match(first ?? "", /^gained: stack staging is new: 2 resources, with the tenants search$/);
    assert.deepEqual(others, []);
  });

  it("names a team that has no id yet, and one that the program does not create", () => {
    const grant = (teamId: string, name: string) =>
      engineState("github:index/teamRepository:TeamRepository", name, {
        parent,
        inputs: { teamId, repository: name, permission: "push" },
      });
    const own = engineState("github:index/team:Team", "team", { id: "42", inputs: { name: "own" } });
    const lines = notSame([
      same(own),
      engineStep("create", { after: grant("42", "a") }),
      engineStep("create", { after: grant("77", "b") }),
      engineStep("create", { after: grant("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "c") }),
    ]);
    for (const line of ["own may now push to a", "people may now push to b, c"]) {
      assert.ok(lines.includes(`gained: ${line}`), lines.join("\n"));
    }
  });

  it("keeps a resource the same that has another URN in the state", () => {
    const former = { ...repository(), urn: urnOf(repositoryType, "former-name") };
    assert.deepEqual(notSame([engineStep("same", { before: former, after: repository() })]), []);
  });
});

describe("the review of a preview with a refresh", () => {
  const refreshed = (...steps: EngineStep[]): EnginePreview => enginePreview(steps);
  const lines = (steps: readonly EngineStep[], refresh: EnginePreview) =>
    told(argsOf(steps, { refreshed: refresh })).filter((line) => !line.startsWith("object: Flux"));

  it("tells what the update takes back, from what the object really is", () => {
    const found = refreshed(engineStep("update", { before: quota("5"), after: quota("500") }));
    assert.deepEqual(lines([same(quota("5"))], found), [
      "loss: quota search/tenant lowered: pods from 500 to 5",
      "object: ResourceQuota search/tenant",
    ]);
  });

  it("tells an object that is gone as one that is added", () => {
    const found = refreshed(engineStep("delete", { before: quota("5") }));
    assert.deepEqual(lines([same(quota("5"))], found), ["object: ResourceQuota search/tenant is added"]);
  });

  it("has no entry for an object that was read without a change", () => {
    const found = refreshed(engineStep("refresh", { before: quota("5"), after: quota("5") }));
    assert.deepEqual(lines([same(quota("5"))], found), []);
  });

  it("leaves out a suspension, which the update leaves as it is", () => {
    const sync = (suspend: boolean, ignoreChanges: string[]) =>
      engineState("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", "sync", {
        ignoreChanges,
        inputs: { metadata: { name: "search", namespace: "search" }, spec: { suspend } },
      });
    const found = refreshed(engineStep("update", { before: sync(false, []), after: sync(true, []) }));
    const step = engineStep("same", { before: sync(false, []), after: sync(false, ["spec.suspend"]) });
    assert.deepEqual(lines([step], found), []);
  });
});

describe("the warnings of a preview", () => {
  const change =
    "The ResourceQuota tenant in the namespace search was changed by `@octocat` at 10:00. This update takes it back.";
  const preview = enginePreview(
    [...unchanged],
    [
      { urn: stack.urn, severity: "warning", message: `warning: ${change}\n` },
      { severity: "warning", message: "The namespace old will be deleted." },
      { severity: "info", message: "Tokens are sound." },
      { urn: quota("5").urn, severity: "warning", message: "v1 is deprecated" },
    ],
  );

  it("stand after the losses, with the resource that they are about; those of a refresh are left out", () => {
    const ready = enginePreview([], [{ severity: "warning", message: "Refreshed resource is in an unhealthy state" }]);
    const warnings = documentOf({ spec, preview, refreshed: ready }).entries.filter(
      ({ effect }) => effect === "warning",
    );
    assert.deepEqual(
      warnings.map(({ section, sentence }) => `${section} ${plainText(sentence)}`),
      [
        "warnings The ResourceQuota tenant in the namespace search was changed by `@octocat` at 10:00. This update takes it back",
        "warnings The namespace old will be deleted",
        "warnings search-quota: v1 is deprecated",
      ],
    );
  });

  it("are read neither as Markdown nor as the name of a person", () => {
    const text = printers.markdown(documentOf({ spec, preview }));
    assert.match(
      text,
      /### Warnings of the preview\n\n- \*\*Warning:\*\* ``The ResourceQuota .* by `@octocat` at 10:00\. This update takes it back``, on `staging`\n/,
    );
  });
});
