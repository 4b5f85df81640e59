import { z } from "zod";
import { durationRule, LEAST_INTERVAL, LONGEST_FILE_TIMEOUT } from "../../rules/amounts.js";
import { day } from "../../rules/day.js";
import {
  ambiguity,
  booleanField,
  choiceField,
  listField,
  mapField,
  objectField,
  section,
  textField,
  violationCheck,
} from "../../rules/field.js";
import { gitCommit, gitTag, repositoryPath, semverRange } from "../../rules/git-reference.js";
import {
  apiVersion,
  branchName,
  dnsLabel,
  dnsSubdomain,
  gitHubRepository,
  kindName,
  tenantNamespace,
  variableName,
  variableValue,
} from "../../rules/names.js";
import { reason } from "../../rules/reason.js";
import { ofOneTenant, overlayOnly } from "../forms.js";
import { verify } from "../verify/schema.js";

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy */
const DELETION_POLICIES = ["MirrorPrune", "Delete", "WaitForTermination", "Orphan"] as const;

const ref = z
  .strictObject({
    branch: textField(branchName, {
      description: "Head of a branch, or the branch that has the commit. Default: the default branch.",
    }).exactOptional(),
    tag: textField(gitTag, { description: "A tag. Default: not used.", examples: ["v1.4.2"] }).exactOptional(),
    semver: textField(semverRange, {
      description: "The newest tag in a range of versions. Default: not used.",
      examples: ["~1.4", ">=1.0.0 <2.0.0"],
    }).exactOptional(),
    commit: ofOneTenant(
      textField(gitCommit, {
        description: "A commit of the branch in branch, or of the default branch. Default: not used.",
      }).exactOptional(),
      "a commit is of one repository",
    ),
  })
  .superRefine(
    violationCheck(({ branch, ...others }) => {
      // Flux looks for a commit on the branch.
      const declared = branch === undefined || others.commit !== undefined ? others : { branch, ...others };
      return ambiguity(declared, "Keep one of them; in an overlay, null takes away what another file says");
    }),
  )
  .meta({
    description:
      "Revision of the repository: one of branch, tag, semver, commit, or a commit with its branch. Default: the default branch. On a stack with a predecessor, it must be set: a branch and a range in the overlay or the defaults of that stack.",
    examples: [{ semver: "~1.4" }],
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

const costly =
  "more often costs the Git server and the cluster more than it brings, and until then a change by hand stays";
const takesTime = "all tenants share the controllers, and a sync that fails again and again takes their time";
const holdsWorker = "while a sync waits for its workloads it holds one of the workers that all tenants share";

const variable = textField(variableName, { description: "Name of a variable." });
const value = textField(variableValue, { description: "Value of a variable." });

const freeze = objectField(
  "Freeze of the sync: Flux fetches no new revision, and goes on applying the fetched one. Syncs of one source are frozen together. Default: none.",
  {
    until: textField(day, {
      description: "Last day of the freeze, in UTC. After it, updates are refused.",
      examples: ["2027-01-31"],
    }),
    reason: textField(reason, {
      description: "Reason of the freeze, which reviews, the state of the stack and the objects show.",
      examples: ["Migration of the database"],
    }),
  },
);

const fields = {
  path: textField(repositoryPath, {
    description: "Folder of the repository that is applied on the cluster. Default: ./deploy/ and the stack's name.",
    examples: ["./deploy/staging"],
  }).exactOptional(),
  ref: ref.default({}),
  verify: verify.exactOptional(),
  /** A push shows after a minute at most, which costs one small request a minute. */
  interval: textField(durationRule(LEAST_INTERVAL, "1h", costly), {
    description: "Interval at which Flux fetches the repository and reverts manual changes.",
  }).default("1m"),
  /** Sooner than the next look at Git: the failure may have been waiting for something that is there now. */
  retryInterval: textField(durationRule(LEAST_INTERVAL, "1h", takesTime), {
    description: "Time before Flux retries a failed sync.",
  }).default("30s"),
  /** Enough to pull images and start, short enough not to hold one of the controller's workers for long. */
  timeout: textField(durationRule("10s", LONGEST_FILE_TIMEOUT, holdsWorker), {
    description: "Time in which the workloads must become ready. After it, the sync has failed.",
  }).default("3m"),
  suspend: booleanField("Whether the sync is suspended: Flux applies nothing and reverts nothing.").default(false),
  suspendUntil: textField(day, {
    description: "Last day of suspend, in UTC. After it, updates are refused. Default: no end.",
    examples: ["2027-01-31"],
  }).exactOptional(),
  freeze: overlayOnly(freeze.exactOptional(), "a freeze is of one stack"),
  prune: booleanField(
    "Whether Flux deletes what leaves Git. False is for migrations, and needs pruneOffUntil.",
  ).default(true),
  pruneOffUntil: textField(day, {
    description: "Last day of prune: false, in UTC. After it, updates are refused. Default: none.",
    examples: ["2027-01-31"],
  }).exactOptional(),
  force: booleanField(
    "Whether Flux deletes and creates again an object whose change Kubernetes refuses, because a field cannot be changed.",
  ).default(false),
  dependsOn: ofOneTenant(
    listField(textField(dnsLabel, { description: "Name of a sync in the same namespace." }), {
      description: "Names of syncs of this tenant, in the same namespace, that must be Ready first. Default: none.",
    }).default([]),
    "a sync is of one tenant",
  ),
  healthChecks: listField(healthCheck, {
    description:
      "Objects that must be healthy for the sync to be Ready: `{apiVersion, kind, name}`. Default: everything that it applies.",
  }).default([]),
  substitute: mapField(variable, value, {
    description:
      "Variables of the manifests. A manifest refers to one by a dollar sign and its name in braces. Default: none.",
    examples: [{ replicas: "2" }],
  }).default({}),
  substituteFrom: listField(substituteFrom, {
    description:
      "ConfigMaps and Secrets of the namespace whose entries are variables too: `{kind, name, optional}`. Default: none.",
  }).default([]),
  decryption: objectField("Decryption of encrypted manifests. Default: not at all.", {
    secret: textField(dnsSubdomain, {
      description:
        "Secret of the sync's namespace with the keys that open what SOPS has encrypted: entries ending in .agekey or .asc.",
      examples: ["sops-age"],
    }),
  }).exactOptional(),
  /** Objects go with the sync that applied them if it pruned before, and stay if it did not. */
  deletionPolicy: choiceField(DELETION_POLICIES, {
    description: "Fate of the sync's objects when the sync itself is removed.",
  }).default("MirrorPrune"),
};

/** A tenant's primary sync, of its primary repository to its primary namespace. */
export const sync = section("The sync of the repository: its folder, revision and intervals.", fields);

const additional = z.strictObject({
  repository: textField(gitHubRepository, {
    description: "Repository, one of this tenant's. Default: the tenant's primary repository.",
  }).exactOptional(),
  namespace: textField(tenantNamespace, {
    description: "Namespace, one of this tenant's. Default: the tenant's primary namespace.",
  }).exactOptional(),
  ...fields,
});

/** A tenant's additional syncs, by name. */
export const syncs = ofOneTenant(
  mapField(textField(dnsLabel, { description: "Name of the sync." }), additional, {
    description:
      "Additional syncs, by name, each with the fields of `sync`, of any of the tenant's repositories to any of its namespaces. Default: none.",
  }).default({}),
  "a sync is of one tenant",
);

/** A sync with the folder that it has unless the file says otherwise: one of the stack's. */
export function completeSync<Sync extends z.output<typeof sync>>(stack: string, declared: Sync) {
  return { path: `./deploy/${stack}`, ...declared };
}
