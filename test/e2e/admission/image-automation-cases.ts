import { branches, imagePolicy, imageRepository, imageUpdates } from "../../support/objects/image-automation.js";
import type { Fields } from "../../support/objects/object.js";
import { gitSource } from "../../support/objects/sources.js";
import { allowed, type Case, type Objects, type Place, refused } from "./cases.js";
import { imageAutomationDurations } from "./duration-cases.js";

/** Policy fleet-image-automation, where the registries of `registryCases` are allowed and a tenant's branch is `trunk`. */
export function imageAutomationCases(place: Place): Case[] {
  return [
    ...scanCases(place),
    ...referenceCases(place),
    ...branchCases(place),
    ...imageAutomationDurations(place, "ghcr.io/acme/app", branches("main", "image-updates")),
  ];
}

function scanCases(place: Place): Case[] {
  const scan = (spec: Fields = {}) => imageRepository(place, "ghcr.io/acme/app", spec);
  return [
    ...refused(/images must be from an allowed registry: .* write spec\.image in full/, {
      "a scan elsewhere": imageRepository(place, "quay.io/acme/app"),
      "a scan of another owner": imageRepository(place, "ghcr.io/evil/app"),
      "a scan of another owner's at Docker Hub": imageRepository(place, "evil/app"),
    }),
    ...refused(/scans must be encrypted, and must not use a proxy/, {
      "a scan without TLS": scan({ insecure: true }),
      "a scan by a proxy": scan({ proxySecretRef: { name: "proxy" } }),
    }),
    ...refused(/a scan without its own account would use the cloud identity of the platform's controller/, {
      "a scan with the controller's cloud identity": scan({ provider: "aws" }),
    }),
    ...refused(/intervals must be 10s to 8760h/, { "a scan every second": scan({ interval: "1s" }) }),
    ...refused(/timeouts must be 1s to 5m/, { "a scan that takes an hour": scan({ timeout: "6m" }) }),
    ...allowed({
      "a scan": scan(),
      "a scan at Docker Hub": imageRepository(place, "nginx"),
      "a scan with a cloud identity of its own": scan({ provider: "aws", serviceAccountName: "mine" }),
    }),
  ];
}

function referenceCases(place: Place): Case[] {
  const { namespace } = place;
  return [
    ...refused(/image automation must stay in this namespace/, {
      "an ImagePolicy of another tenant's images": imagePolicy(place, {
        imageRepositoryRef: { name: "theirs", namespace: "team-b" },
      }),
      "an automation of another tenant's source": imageUpdates(place, branches("main", "automation"), {
        sourceRef: { ...gitSource(), namespace: "team-b" },
      }),
      "an ImageRepository for another tenant": imageRepository(place, "ghcr.io/acme/app", {
        accessFrom: { namespaceSelectors: [{ matchLabels: {} }] },
      }),
    }),
    ...allowed({
      "an ImagePolicy": imagePolicy(place),
      "an ImagePolicy that says its own namespace": imagePolicy(place, {
        imageRepositoryRef: { name: "mine", namespace },
      }),
    }),
  ];
}

function branchCases(place: Place): Case[] {
  return [
    ...refused(
      /image automation must push to a branch of its own, not to a default branch \(main, master, trunk\)/,
      pushes(place),
    ),
    ...allowed({
      "a push to a branch of its own": imageUpdates(place, branches("main", "image-updates")),
      "a push from a branch that is no default branch": imageUpdates(place, branches("next", "next-image-updates"), {
        sourceRef: { ...gitSource(), namespace: place.namespace },
      }),
    }),
  ];
}

/** Automations that may push to a default branch, or hide it: allowed in a namespace with the annotation. */
export function pushCases(place: Place): Case[] {
  return allowed(pushes(place));
}

function pushes(place: Place): Objects {
  const checkout = { ref: { branch: "main" } };
  const push = { branch: "image-updates" };
  const fromName = (ref: Fields) => ({
    checkout: { ref: { name: "refs/heads/next", ...ref } },
    push: { branch: "next" },
  });
  return {
    "a push to the default branch": imageUpdates(place, branches("next", "main")),
    "a push to the default branch of another repository": imageUpdates(place, branches("main", "trunk")),
    "a push to what was checked out": imageUpdates(place, branches("next", "next")),
    "a push to wherever the source is": imageUpdates(place),
    "a push to what was checked out, unsaid": imageUpdates(place, { checkout }),
    "a push from wherever the source is": imageUpdates(place, { push }),
    "a push from a branch by another name": imageUpdates(place, fromName({})),
    "a push from a branch that something else overrides": imageUpdates(place, fromName({ branch: "other" })),
    "a push by a refspec as well": imageUpdates(place, {
      checkout,
      push: { ...push, refspec: "HEAD:refs/heads/main" },
    }),
    "a push with options, which can merge it": imageUpdates(place, {
      checkout,
      push: { ...push, options: { "merge_request.target": "main" } },
    }),
  };
}
