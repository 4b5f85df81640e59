import { z } from "zod";
import { durationRule } from "../../rules/duration.js";
import { choiceField, textField } from "../../rules/field.js";
import { gitCommit, gitTag, semverRange } from "../../rules/git-reference.js";
import {
  apiVersion,
  branchName,
  dnsLabel,
  dnsSubdomain,
  gitHubRepository,
  kindName,
  tenantNamespace,
  variableName,
} from "../../rules/names.js";
import { repositoryPath } from "../../rules/repository-path.js";
import { LEAST_INTERVAL, LONGEST_FILE_TIMEOUT } from "../../rules/sync-bounds.js";
import { variableValue } from "../../rules/variable-value.js";
import { section } from "../forms.js";

/**
 * The fate of a sync's objects when the sync itself is removed.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy
 */
export const DELETION_POLICIES = ["MirrorPrune", "Delete", "WaitForTermination", "Orphan"] as const;

const ref = z
  .strictObject({
    branch: textField(branchName, {
      description: "Head of a branch; one of the four. Default: the default branch.",
    }).exactOptional(),
    tag: textField(gitTag, { description: "A tag. Default: not used.", examples: ["v1.4.2"] }).exactOptional(),
    semver: textField(semverRange, {
      description: "The newest tag in a range of versions. Default: not used.",
      examples: ["~1.4", ">=1.0.0 <2.0.0"],
    }).exactOptional(),
    commit: textField(gitCommit, {
      description: "A commit of the default branch. Default: not used.",
    }).exactOptional(),
  })
  .superRefine((value, context) => {
    const declared = Object.keys(value);
    if (declared.length <= 1) return;
    const message = `says ${declared.join(" and ")}, of which Flux would follow only one`;
    const fix = "Keep one of them; in an overlay, null takes away what the base file says";
    context.addIssue({ code: "custom", message, params: { fix } });
  });

const healthCheck = z.strictObject({
  apiVersion: textField(apiVersion, { description: "Version of the object's kind.", examples: ["apps/v1"] }),
  kind: textField(kindName, { description: "Kind of the object.", examples: ["Deployment"] }),
  name: textField(dnsSubdomain, { description: "Name of the object, which is in the sync's namespace." }),
});

const substituteFrom = z.strictObject({
  kind: choiceField(["ConfigMap", "Secret"], { description: "Kind of the object that has the variables." }),
  name: textField(dnsSubdomain, { description: "Its name, in the sync's namespace." }),
  optional: z.boolean().optional().meta({ description: "Whether it may be missing.", default: false }),
});

/** The fields of a sync: which folder of a repository it applies, when, and how. */
const fields = {
  path: textField(repositoryPath, {
    description: "Folder of the repository that is applied on the cluster. Default: ./deploy/ and the stack's name.",
    examples: ["./deploy/staging"],
  }).exactOptional(),
  ref: ref
    .meta({
      description:
        "What of the repository is followed: one of branch, tag, semver, commit. Default: the default branch.",
      examples: [{ semver: "~1.4" }],
    })
    .default({}),
  /** A push shows after a minute at most, which costs one small request a minute. */
  interval: textField(
    durationRule({
      least: LEAST_INTERVAL,
      most: "1h",
      why: "more often costs the Git server and the cluster more than it brings, and until then a change by hand stays",
    }),
    { description: "How often Git is looked at, and changes made by hand are undone." },
  ).default("1m"),
  /** Sooner than the next look at Git: the failure may have been waiting for something that is there now. */
  retryInterval: textField(
    durationRule({
      least: LEAST_INTERVAL,
      most: "1h",
      why: "all tenants share the controllers, and a sync that fails again and again takes their time",
    }),
    { description: "How soon a failed sync is tried again." },
  ).default("30s"),
  /** Enough to pull images and start, short enough not to hold one of the controller's workers for long. */
  timeout: textField(
    durationRule({
      least: "10s",
      most: LONGEST_FILE_TIMEOUT,
      why: "while a sync waits for its workloads it holds one of the workers that all tenants share",
    }),
    { description: "How long the workloads may take to become ready before the sync counts as failed." },
  ).default("3m"),
  suspend: z
    .boolean()
    .meta({
      description: "Stops the sync: nothing is applied and nothing is undone until it is false again.",
    })
    .default(false),
  dependsOn: z
    .array(textField(dnsLabel, { description: "Name of a sync in the same namespace." }))
    .meta({
      description: "Syncs of this tenant, in the same namespace, that must be Ready first; the names. Default: none.",
    })
    .default([]),
  healthChecks: z
    .array(healthCheck)
    .meta({
      description:
        "Objects that must be healthy for the sync to be Ready: `{apiVersion, kind, name}`. Default: everything that it applies.",
    })
    .default([]),
  substitute: z
    .record(
      textField(variableName, { description: "Name of a variable." }),
      textField(variableValue, { description: "Value of a variable." }),
    )
    .meta({
      description:
        "Variables of the manifests, which are written there as a dollar sign and the name in braces. Default: none.",
      examples: [{ replicas: "2" }],
    })
    .default({}),
  substituteFrom: z
    .array(substituteFrom)
    .meta({
      description:
        "ConfigMaps and Secrets of the namespace whose entries are variables too: `{kind, name, optional}`. Default: none.",
    })
    .default([]),
  decryption: z
    .strictObject({
      secret: textField(dnsSubdomain, {
        description:
          "Secret of the sync's namespace with the keys that open what SOPS has encrypted: entries ending in .agekey or .asc.",
        examples: ["sops-age"],
      }),
    })
    .meta({ description: "How encrypted manifests are opened. Default: not at all." })
    .exactOptional(),
  /** Objects go with the sync that applied them if it pruned before, and stay if it did not. */
  deletionPolicy: choiceField(DELETION_POLICIES, {
    description: "What becomes of what the sync applied when it is itself removed.",
  }).default("MirrorPrune"),
};

/** Where a sync's manifests come from and go to. */
const place = {
  repository: textField(gitHubRepository, {
    description: "Repository, one of this tenant's. Default: the tenant's primary repository.",
  }).exactOptional(),
  namespace: textField(tenantNamespace, {
    description: "Namespace, one of this tenant's. Default: the tenant's primary namespace.",
  }).exactOptional(),
};

const additionalName = textField(dnsLabel, { description: "Name of the sync." });
const additionalText =
  "Additional syncs, by name, each with the fields of `sync`, of any of the tenant's repositories to any of its namespaces. Default: none.";

const primary = z.strictObject(fields);

/** A tenant's primary sync, of its primary repository to its primary namespace. */
export const sync = section(primary, "What of the repository is applied on the cluster, and when.");

/** A tenant's additional syncs, by name. */
export const syncs = z
  .record(additionalName, z.strictObject({ ...place, ...fields }))
  .meta({ description: additionalText })
  .default({});

/** A sync with the folder that it has unless the file says otherwise: one of the stack's. */
export function completeSync<Sync extends z.output<typeof primary>>(stack: string, declared: Sync) {
  return { path: `./deploy/${stack}`, ...declared };
}
