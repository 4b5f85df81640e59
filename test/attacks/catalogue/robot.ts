import { configMap } from "../../support/objects/configuration.js";
import { attacksOf } from "../attack.js";
import { creates, sends } from "../attempts.js";
import { change, list, remove } from "../request.js";
import { syncOf } from "../tenant-objects.js";
import { cannot } from "./messages.js";

const name = "of-a-robot";
const heldBack = /ci-robot may only reconcile, suspend and resume/;

/** More than the tenant's CI robot is for. */
export const robotAttacks = attacksOf("escalation", [
  {
    id: "robot-deploys",
    title: "deploys an object without Git",
    by: "robot",
    stoppedBy: [
      { control: "robot-role", message: cannot("create", "configmaps") },
      { control: "fleet-robots", message: heldBack },
    ],
    attempt: creates((place) => configMap(place)),
  },
  {
    id: "robot-reads-secrets",
    title: "reads the Secrets of its own namespace from a pipeline",
    by: "robot",
    stoppedBy: [{ control: "robot-role", message: cannot("list", "secrets") }],
    attempt: sends(({ namespace }) => list("Secret", namespace)),
  },
  {
    id: "robot-removes",
    title: "deletes a Kustomization, and with it everything that it applied",
    by: "robot",
    stoppedBy: [
      { control: "robot-role", message: cannot("delete", "kustomizations") },
      { control: "fleet-robots", message: heldBack },
    ],
    attempt: (place) => ({
      kind: "request",
      first: [syncOf(place, name, { suspend: true })],
      request: remove(syncOf(place, name)),
    }),
  },
  {
    id: "robot-changes-path",
    title: "makes a Kustomization apply another folder",
    by: "robot",
    stoppedBy: [{ control: "fleet-robots", message: heldBack }],
    attempt: (place) => ({
      kind: "request",
      first: [syncOf(place, name, { suspend: true })],
      request: change(syncOf(place, name), { spec: { path: "./unreviewed" } }),
    }),
  },
]);
