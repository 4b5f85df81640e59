import { planned } from "../../../../support/unit/plans.js";
import type { ConsequenceCases } from "./consequence-cases.js";
import { controller, frozen, sync, withEnd } from "./objects.js";

/** The source of a sync. */
const source = (repository: string) =>
  planned(
    "source.toolkit.fluxcd.io/v1:GitRepository",
    { name: "s", namespace: "search" },
    { spec: { url: `ssh://git@github.com/acme/${repository}.git` } },
  );

/** Changes of Flux's syncs, controllers and kinds. */
export const fluxCases: ConsequenceCases = {
  "a sync without account": [
    [sync({ serviceAccountName: "reconciler" })],
    [sync({})],
    "gained: sync search/s names no account any more (was reconciler)",
  ],
  "arguments of a controller": [
    [controller(["--a", "--no-remote-bases=true"])],
    [controller(["--a"])],
    "changed: kustomize-controller runs without --no-remote-bases=true",
  ],
  "a sync that is removed": [[sync({})], [], "loss: sync search/s is removed, and Flux deletes what it applied"],
  "a sync that is removed and never pruned": [[sync({ prune: false })], []],
  "a sync that is removed, and deletes although it never pruned": [
    [sync({ prune: false, deletionPolicy: "Delete" })],
    [],
    "loss: sync search/s is removed, and Flux deletes what it applied",
  ],
  "pruning that is off": [
    [sync({})],
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    "changed: pruning of search/s is off until 2027-01-31: what leaves Git stays on the cluster",
  ],
  "pruning that is off for longer": [
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    [withEnd("prune-off-until", "2027-02-28", { prune: false })],
    "changed: pruning of search/s is off until 2027-02-28: what leaves Git stays on the cluster",
  ],
  "a sync that is suspended": [
    [sync({})],
    [withEnd("suspended-until", "2027-01-31", { suspend: true })],
    "changed: search/s is suspended until 2027-01-31: Flux applies nothing and reverts nothing",
  ],
  "a sync that is suspended without an end": [
    [sync({ suspend: false })],
    [sync({ suspend: true })],
    "changed: search/s is suspended without an end: Flux applies nothing and reverts nothing",
  ],
  "a sync that is frozen": [
    [sync({})],
    [frozen("2027-01-31", "Migration")],
    "changed: search/s is frozen until 2027-01-31: Migration. Flux fetches no new revision, and goes on applying the fetched one",
  ],
  "a freeze that ends later": [
    [frozen("2027-01-31", "Migration")],
    [frozen("2027-02-15", "Migration")],
    "changed: search/s is frozen until 2027-02-15: Migration. Flux fetches no new revision, and goes on applying the fetched one",
  ],
  "a freeze that ends": [
    [frozen("2027-01-31", "Migration")],
    [sync({})],
    "changed: search/s is frozen no longer: Flux applies what Git has",
  ],
  "a sync that goes on": [
    [sync({ suspend: true })],
    [sync({ suspend: false })],
    "changed: search/s is suspended no longer: Flux applies what Git has",
  ],
  "pruning that is on again": [
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    [sync({})],
    "changed: pruning of search/s is on again: what leaves Git from now on is deleted",
  ],
  "a new sync that prunes nothing": [
    [],
    [withEnd("prune-off-until", "2027-01-31", { prune: false })],
    "changed: pruning of search/s is off until 2027-01-31: what leaves Git stays on the cluster",
  ],
  force: [
    [sync({})],
    [sync({ force: true })],
    "gained: search/s may now delete and create again objects whose change Kubernetes refuses",
  ],
  "force that is taken away": [
    [sync({ force: true })],
    [sync({})],
    "lost: search/s may no longer delete and create again objects whose change Kubernetes refuses",
  ],
  "a sync that is removed and leaves its objects": [[sync({ deletionPolicy: "Orphan" })], []],
  "a sync of another folder": [
    [sync({ path: "./a" })],
    [sync({ path: "./b" })],
    "loss: sync search/s has another spec.path: Flux deletes what the new place lacks",
  ],
  "a source of another repository": [
    [source("apps")],
    [source("others")],
    "loss: source search/s is another repository: Flux deletes what it lacks",
  ],
  "a kind of Flux that is removed": [
    [planned("apiextensions.k8s.io/v1:CustomResourceDefinition", { name: "x.fluxcd.io" })],
    [],
    "loss: kind x.fluxcd.io is deleted with every object of it on the cluster",
  ],
};
