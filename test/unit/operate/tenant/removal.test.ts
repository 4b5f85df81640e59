import assert from "node:assert/strict";
import {
  archivedRepositories,
  effectsOfRemoval,
  remainingStacks,
  stepsOfRemoval,
} from "../../../../operate/tenant/removal.js";
import { type Changes, load } from "../../../support/unit/checkout-tree.js";

const staging = { stack: "staging", config: {} };
const production = { stack: "prod-eu", config: { promotesFrom: "staging", platformRevision: { branch: "main" } } };

/** A removal from stacks of a checkout. @param base lines of the tenant's base file */
function removalFrom(stacks: readonly string[], base = "", settings: Changes["config"] = {}, without?: string) {
  const files = { "stacks/base/tenants/team-a.yaml": `name: team-a\n${base}`, ...gone(without) };
  const fleet = [production, staging].map(({ stack, config }) => {
    const own = stack === "prod-eu" ? settings : {};
    return { stack, spec: load({ files, stack, config: { ...config, ...own }, allowUnpinned: true }) };
  });
  return { name: "team-a", fleet, stacks };
}

/** The files of a stack without an overlay of the tenant. */
function gone(stack: string | undefined) {
  return stack === undefined
    ? {}
    : { [`stacks/${stack}/tenants/team-a.yaml`]: undefined, [`stacks/${stack}/tenants/.gitkeep`]: "" };
}

function sentencesOf(place: string, removal: ReturnType<typeof removalFrom>): readonly string[] {
  return effectsOfRemoval(removal).find((one) => one.place === place)?.sentences ?? [];
}

const last = "after the others: an archived repository refuses the removal of deploy keys";
const all = ["prod-eu", "staging"];
const gitHub = (...args: Parameters<typeof removalFrom>) => sentencesOf("At GitHub", removalFrom(...args)).join("\n");
const onStaging = (...args: Parameters<typeof removalFrom>) =>
  sentencesOf("On staging", removalFrom(...args)).join("\n");

describe("the removal of a tenant", () => {
  it("is none for a tenant that no stack has", () => {
    const removal = { ...removalFrom(all), name: "team-b" };
    assert.deepEqual([effectsOfRemoval(removal), archivedRepositories(removal)], [[], []]);
  });

  it("archives no repository, and takes no team's right, while another stack runs the tenant", () => {
    const removal = removalFrom(["staging"], "team: {members: [ann]}\nrepositories: {extra: {}}\n");
    assert.deepEqual([remainingStacks(removal), archivedRepositories(removal)], [["prod-eu"], []]);
    assert.deepEqual(sentencesOf("At GitHub", removal), [
      "prod-eu still runs team-a: the repositories acme/team-a and acme/extra stay, and so does the team acme/team-a.",
    ]);
    assert.ok(!stepsOfRemoval(removal).some((step) => step.includes("archives")));
  });

  it("names every namespace with its volumes, and syncs whose objects Flux does not delete", () => {
    const base = [
      "namespaces: {team-a-jobs: {limits: {persistentVolumeClaims: 1, storage: 5Gi}}}",
      "syncs:",
      "  jobs: {namespace: team-a-jobs, deletionPolicy: Orphan}",
      "  more: {namespace: team-a-jobs, path: ./more, suspend: true}",
      "  last: {namespace: team-a-jobs, path: ./last, deletionPolicy: Delete, prune: false, pruneOffUntil: 2027-01-31}",
      "",
    ].join("\n");
    const sentences = sentencesOf("On staging", removalFrom(all, base));
    assert.match(
      sentences[0] ?? "",
      /^The namespace team-a is deleted with every object and volume in it \(quota: \d+ volume claims, /,
    );
    assert.deepEqual(sentences.slice(1, 5), [
      "The namespace team-a-jobs is deleted with every object and volume in it (quota: 1 volume claim, 5Gi of storage).",
      "Volumes go by the reclaim policy of their storage class. Copy data that is still needed first.",
      "Flux deletes all objects of the syncs team-a and last.",
      "Flux deletes no object of the syncs jobs and more: they go with their namespaces.",
    ]);
  });

  it("does not say that Flux deletes objects of a sync that prunes nothing", () => {
    const sentences = onStaging(all, "sync: {prune: false, pruneOffUntil: 2027-01-31}\n");
    assert.match(sentences, /Flux deletes no object of the sync team-a: they go/);
    assert.doesNotMatch(sentences, /Flux deletes all/);
  });

  it("names people, pipelines, keys and webhooks that lose their rights", () => {
    const access = "access: {viewers: [devs, all], operators: [devs]}\nrobot: {enabled: true}\n";
    const sentences = onStaging(all, access);
    assert.match(sentences, /The groups all and devs lose all rights there\./);
    assert.match(sentences, /ci-robot of its pipelines goes/);
    assert.match(sentences, /The deploy keys of the cluster staging leave the repository acme\/team-a\./);
    assert.doesNotMatch(sentences, /webhooks|tokens leave/);
    assert.doesNotMatch(onStaging(all), /lose all rights|ci-robot/);
  });

  it("says of tokens and webhooks of one stack, and where to revoke the tokens", () => {
    const settings = {
      webhookUrl: "https://flux.example.com",
      ingressNamespaces: ["ingress"],
      gitTokens: { "team-a": { read: "github_pat_11AAAAAAAAAAAAAAAAAAAAA_aaaa" } },
    };
    const sentences = sentencesOf("On prod-eu", removalFrom(all, "webhook: true\n", settings, "staging")).join("\n");
    assert.match(sentences, /Its tokens leave Pulumi\.prod-eu\.yaml\. Revoke them at GitHub\./);
    assert.match(sentences, /The webhooks of the cluster leave the repository acme\/team-a\./);
    assert.doesNotMatch(sentences, /deploy keys/);
  });

  it("archives the program's own repositories only", () => {
    const base = "repository: {existing: true}\nrepositories: {extra: {}}\nsyncs: {jobs: {repository: extra}}\n";
    assert.deepEqual(archivedRepositories(removalFrom(all, base)), ["extra"]);
    assert.equal(
      gitHub(all, base),
      [
        "The second update of staging from now on archives the repository acme/extra. Nothing in it is deleted.",
        "The repository acme/team-a stays as before, apart from keys and webhooks.",
      ].join("\n"),
    );
    assert.ok(
      !stepsOfRemoval(removalFrom(all, "repository: {existing: true}\n")).some((step) => /archives/.test(step)),
    );
  });

  it("deletes no team, and names the people who leave it", () => {
    assert.match(
      gitHub(all, "team: {members: [bob], maintainers: [ann]}\n"),
      /\nThe team acme\/team-a stays\. It loses its right to push and the members ann and bob\.$/,
    );
    assert.match(
      gitHub(all, "team: {}\n"),
      /^The repository acme\/team-a loses the team's right to push with the next update of staging\. The update after it archives it\. Nothing in it is deleted\.\n/,
    );
    assert.match(gitHub(all, "team: {name: shop}\n"), /\nThe team acme\/shop stays\. It loses its right to push\.$/);
    assert.match(gitHub(all, "team: {existing: true}\n"), /\nThe team acme\/team-a keeps its members, and loses/);
  });

  it("says that the gate refuses a removal that the stack before does not make", () => {
    const sentences = sentencesOf("On prod-eu", removalFrom(["prod-eu"])).join("\n");
    assert.match(sentences, /The gate refuses the update: prod-eu promotes from staging, which still runs team-a\./);
    assert.doesNotMatch(onStaging(["staging"]), /refuses the update/);
    assert.match(
      onStaging(["staging"]),
      /prod-eu still runs team-a, and promotes from staging: its gate refuses later/,
    );
    assert.doesNotMatch(onStaging(all), /gate/);
  });

  it("has steps in the order that the gate demands, and archives last", () => {
    const removal = removalFrom(all, "", { soak: "24h", promotionNeeds: "ready" });
    assert.deepEqual(stepsOfRemoval(removal).slice(1), [
      "pulumi up --stack staging, after the merge",
      "npx fleet wait staging",
      "pulumi up --stack prod-eu, once staging has run without team-a for 24h",
      `pulumi up --stack staging again, which archives the repositories, ${last}`,
    ]);
    assert.match(
      sentencesOf("On prod-eu", removal).join("\n"),
      /The gate refuses the update until staging has run without team-a for 24h\./,
    );
  });

  it("archives without a wait for others where there are none", () => {
    assert.deepEqual(stepsOfRemoval(removalFrom(["staging"], "", {}, "prod-eu")).slice(1), [
      "pulumi up --stack staging, after the merge",
      "pulumi up --stack staging again, which archives the repositories",
    ]);
  });

  it("has the stack that creates repositories archive those of a tenant that only another one ran", () => {
    assert.deepEqual(stepsOfRemoval(removalFrom(["prod-eu"], "", {}, "staging")).slice(1), [
      "pulumi up --stack prod-eu, after the merge",
      "pulumi up --stack staging, which lets the repositories go",
      `pulumi up --stack staging again, which archives the repositories, ${last}`,
    ]);
  });
});
