import { z } from "zod";
import { durationRule } from "../../rules/duration.js";
import { choiceField, resettable, textField } from "../../rules/field.js";
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
import { variableValue } from "../../rules/variable-value.js";
import { tenantDefaults } from "../defaults.js";

/**
 * What becomes of what a sync applied when the sync itself is removed.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy
 */
export const DELETION_POLICIES = ["MirrorPrune", "Delete", "WaitForTermination", "Orphan"] as const;

const refFields = {
  branch: textField(branchName, { description: "Head of a branch; one of the four. Default: the default branch." }),
  tag: textField(gitTag, { description: "A tag. Default: not used.", examples: ["v1.4.2"] }),
  semver: textField(semverRange, {
    description: "The newest tag in a range of versions. Default: not used.",
    examples: ["~1.4", ">=1.0.0 <2.0.0"],
  }),
  commit: textField(gitCommit, { description: "A commit of the default branch. Default: not used." }),
};

const ref = z
  .strictObject(refFields)
  .partial()
  .superRefine((value, context) => {
    const said = Object.keys(value);
    if (said.length <= 1) return;
    const message = `says ${said.join(" and ")}, of which Flux would follow only one`;
    const fix = "Keep one of them; in an overlay, null takes away what the base file says";
    context.addIssue({ code: "custom", message, params: { fix } });
  });

const refOverlay = z
  .strictObject({
    branch: refFields.branch.nullable(),
    tag: refFields.tag.nullable(),
    semver: refFields.semver.nullable(),
    commit: refFields.commit.nullable(),
  })
  .partial()
  .meta({ description: "What of the repository is followed, laid over the base file's; null takes one away." });

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

/** What of a repository is applied, when, and how. */
const fields = {
  path: textField(repositoryPath, {
    description: "Folder of the repository that is applied on the cluster. Default: ./deploy/ and the stack's name.",
    examples: ["./deploy/staging"],
  }),
  ref: ref.meta({
    description: "What of the repository is followed: one of branch, tag, semver, commit. Default: the default branch.",
    examples: [{ semver: "~1.4" }],
  }),
  interval: textField(
    durationRule({
      least: "10s",
      most: "1h",
      why: "more often costs the Git server and the cluster more than it brings, and until then a change by hand stays",
    }),
    {
      description: "How often Git is looked at, and changes made by hand are undone.",
      default: tenantDefaults.interval,
    },
  ),
  retryInterval: textField(
    durationRule({
      least: "10s",
      most: "1h",
      why: "all tenants share the controllers, and a sync that fails again and again takes their time",
    }),
    {
      description: "How soon a failed sync is tried again.",
      default: tenantDefaults.retryInterval,
    },
  ),
  timeout: textField(
    durationRule({
      least: "10s",
      most: "30m",
      why: "while a sync waits for its workloads it holds one of the workers that all tenants share",
    }),
    {
      description: "How long the workloads may take to become ready before the sync counts as failed.",
      default: tenantDefaults.timeout,
    },
  ),
  suspend: z.boolean().meta({
    description: "Stops the sync: nothing is applied and nothing is undone until it is false again.",
    default: tenantDefaults.suspend,
  }),
  dependsOn: z.array(textField(dnsLabel, { description: "Name of a sync in the same namespace." })).meta({
    description: "Syncs of this tenant, in the same namespace, that must be Ready first; the names. Default: none.",
  }),
  healthChecks: z.array(healthCheck).meta({
    description:
      "Objects that must be healthy for the sync to be Ready: `{apiVersion, kind, name}`. Default: everything that it applies.",
  }),
  substitute: z
    .record(
      textField(variableName, { description: "Name of a variable." }),
      textField(variableValue, { description: "Value of a variable." }),
    )
    .meta({
      description:
        "Variables of the manifests, which are written there as a dollar sign and the name in braces. Default: none.",
      examples: [{ replicas: "2" }],
    }),
  substituteFrom: z.array(substituteFrom).meta({
    description:
      "ConfigMaps and Secrets of the namespace whose entries are variables too: `{kind, name, optional}`. Default: none.",
  }),
  decryption: z
    .strictObject({
      secret: textField(dnsSubdomain, {
        description:
          "Secret of the sync's namespace with the keys that open what SOPS has encrypted: entries ending in .agekey or .asc.",
        examples: ["sops-age"],
      }),
    })
    .meta({ description: "How encrypted manifests are opened. Default: not at all." }),
  deletionPolicy: choiceField(DELETION_POLICIES, {
    description: "What becomes of what the sync applied when it is itself removed.",
    default: tenantDefaults.deletionPolicy,
  }),
};

/** All have a default but decryption: there is none to have. */
const complete = { ...fields, decryption: fields.decryption.optional() };

const overlayFields = {
  path: resettable(fields.path),
  ref: resettable(refOverlay),
  interval: resettable(fields.interval),
  retryInterval: resettable(fields.retryInterval),
  timeout: resettable(fields.timeout),
  suspend: resettable(fields.suspend),
  dependsOn: resettable(fields.dependsOn),
  healthChecks: resettable(fields.healthChecks),
  substitute: z
    .record(
      textField(variableName, { description: "Name of a variable." }),
      textField(variableValue, { description: "Value of a variable." }).nullable(),
    )
    .optional()
    .meta({ description: "Variables laid over those of the base file; null removes one." }),
  substituteFrom: resettable(fields.substituteFrom),
  decryption: resettable(fields.decryption),
  deletionPolicy: resettable(fields.deletionPolicy),
};

const place = {
  repository: textField(gitHubRepository, {
    description: "Repository, one of this tenant's. Default: the tenant's first.",
  }),
  namespace: textField(tenantNamespace, {
    description: "Namespace, one of this tenant's. Default: the tenant's first.",
  }),
};

const furtherName = textField(dnsLabel, { description: "Name of the sync." });
const furtherText =
  "Further syncs, by name, each with the fields of `sync`, of any of the tenant's repositories to any of its namespaces. Default: none.";

/** A tenant's first sync, of its first repository to its first namespace; complete. */
export const sync = z.strictObject(complete);

/** The first sync in a base file. */
export const syncFile = z.strictObject(fields).partial();

/** The first sync in an overlay. */
export const syncOverlay = z.strictObject(overlayFields);

/** Further syncs, complete. */
export const furtherSyncs = z.record(furtherName, z.strictObject({ ...complete, ...place }));

/** Further syncs in a base file. */
export const furtherSyncsFile = z
  .record(furtherName, z.strictObject({ ...place, ...fields }).partial())
  .meta({ description: furtherText });

/** Further syncs in an overlay; null takes one away. */
export const furtherSyncsOverlay = z
  .record(
    furtherName,
    z
      .strictObject({
        repository: resettable(place.repository),
        namespace: resettable(place.namespace),
        ...overlayFields,
      })
      .nullable(),
  )
  .meta({ description: `${furtherText} Laid over those of the base file; null takes one away.` });
