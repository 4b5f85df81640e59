import { z } from "zod";
import { listOf, textField } from "../rules/field.js";
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
  csiDrivers: listOf(textField(dnsSubdomain), "CSI drivers of inline volumes that tenants' pods may use."),
  storageClasses: listOf(textField(dnsSubdomain), "Storage classes of tenants' claims. None: any."),
};
