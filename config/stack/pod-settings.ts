import { z } from "zod";
import { choiceField, listOf, textField } from "../rules/field.js";
import { labelKey } from "../rules/labels.js";
import { dnsSubdomain } from "../rules/names.js";
import { patternRule, refuse, ruleOf } from "../rules/rule.js";

const reservedTaints = "node-role.kubernetes.io, node.kubernetes.io, node.cloudprovider.kubernetes.io";

/** A taint that pods may tolerate: its key, with one of its values or with all of them. */
const taint = ruleOf(
  patternRule({
    pattern:
      "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?(=([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?)?$",
    maxLength: 381,
    form: "a taint: its key, or its key and value joined by =",
    fix: "Write it like nvidia.com/gpu or dedicated=batch",
  }),
  refuse(
    new RegExp(`^(${reservedTaints.replaceAll(".", "\\.").replaceAll(", ", "|")})/`),
    "is a taint of the control plane, or of a node that is not ready or is being removed",
    "Remove it, and taint the nodes that tenants may use with another key",
  ),
);

/** A PriorityClass of tenants. */
const priorityClass = ruleOf(
  dnsSubdomain,
  refuse(
    /^system-/,
    "is Kubernetes' own: its pods preempt all others, the platform's included",
    "Name a class that the platform's manifests create for tenants",
  ),
);

/** A key of labels and annotations of pods, or all keys of a prefix, written as `PREFIX/*`. */
const podKeys = ruleOf({ pattern: "^[^/]+(/[^/]+)?$", maxLength: 317 }, (value) =>
  // The name stands for all names of the prefix.
  labelKey.check(value.replace(/\/\*$/, "/name")),
);

/** A profile as a pod names it: a path below the kubelet's folder of seccomp profiles, or a name of AppArmor. */
const profile = patternRule({
  pattern: "^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$",
  maxLength: 253,
  form: "a profile of the node",
  fix: "Write it as in localhostProfile, like profiles/audit.json or k8s-nginx",
});

/** Settings of a stack on how tenants' pods use nodes and storage. */
export const podSettings = {
  /** Those that the platform's own manifests make for tenants: fleet/infrastructure/base. */
  priorityClasses: z
    .array(textField(priorityClass))
    .default(["tenant-default", "tenant-batch"])
    .meta({ description: "PriorityClasses that tenants' pods may use." }),
  tolerations: listOf(textField(taint), "Taints that tenants' pods may tolerate, each as KEY or KEY=VALUE."),
  runtimeClasses: listOf(textField(dnsSubdomain), "RuntimeClasses that tenants' pods may use."),
  podAnnotations: listOf(
    textField(podKeys),
    "Annotations and labels that tenants' pods may have besides the known annotations, each as KEY or PREFIX/*.",
  ),
  allowedLabels: listOf(
    textField(podKeys),
    "Labels that tenants' objects and pods may have besides the known ones, each as KEY or PREFIX/*.",
  ),
  csiDrivers: listOf(textField(dnsSubdomain), "CSI drivers of inline volumes that tenants' pods may use."),
  storageClasses: listOf(textField(dnsSubdomain), "Storage classes of tenants' claims. None: any."),
  volumeAttributesClasses: listOf(textField(dnsSubdomain), "VolumeAttributesClasses that tenants' claims may name."),
  /** Some storage does not overwrite what the earlier user of a device left. */
  blockVolumes: choiceField(["refused", "any"], {
    description: "Whether tenants' claims may be for a raw device (volumeMode: Block).",
  }).default("refused"),
  schedulers: listOf(
    textField(dnsSubdomain),
    "Schedulers that tenants' pods may name (schedulerName), besides Kubernetes' own.",
  ),
  localhostProfiles: listOf(
    textField(profile),
    "Profiles of seccomp and AppArmor on the nodes that tenants' pods may name (localhostProfile).",
  ),
};
