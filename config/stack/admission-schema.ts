import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import { choiceField, listOf, textField } from "../rules/field.js";
import { dnsSubdomain, gitHubOwner } from "../rules/names.js";
import { quantity } from "../rules/quantity.js";
import { patternRule } from "../rules/rule.js";

const label = "[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?";

/** Host of a URL, with its port where the URL names one; compared as it stands there. */
const sourceHost = patternRule({
  pattern: `^${label}(\\.${label})*(:[0-9]{1,5})?$`,
  maxLength: 259,
  form: "a host: a DNS name or IPv4 address, with :PORT if the URL has one",
  fix: "Write the host alone, like ghcr.io or charts.example.com:8443",
});

const pathPart = "[a-z0-9]+([._-]+[a-z0-9]+)*";

/** Registry, or part of one, as a reference to an image has it in front of the tag. */
const imageRegistry = patternRule({
  pattern: `^(localhost(:[0-9]{1,5})?|${label}:[0-9]{1,5}|${label}(\\.${label})+(:[0-9]{1,5})?)(/${pathPart})*$`,
  maxLength: 255,
  form: "a registry: a host with a dot or a port, and a path in lower case if need be, without tag",
  fix: "Write it like ghcr.io, ghcr.io/acme, docker.io/library or registry.example.com:5000/team",
});

/**
 * A resource that device plugins offer, or huge pages of one size.
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources
 * @see https://kubernetes.io/docs/tasks/manage-hugepages/scheduling-hugepages/
 */
const extendedResource = patternRule({
  pattern: `^(${label}(\\.${label})*/${label}|hugepages-[0-9]+[KMGT]i)$`,
  maxLength: 253,
  form: "a resource of nodes beside CPU, memory and disk",
  fix: "Write it as nodes offer it, like nvidia.com/gpu or hugepages-2Mi",
});

/** The admission settings of a stack (docs/admission.md). */
export const admissionConfig = {
  /** A warning alone protects nothing. */
  admission: choiceField(["enforce", "audit"], {
    description: "Whether the admission policies refuse requests, or only warn and write to the audit log.",
  }).default("enforce"),
  allowedSourceHosts: listOf(
    textField(sourceHost),
    "Hosts that tenants' Flux sources may fetch from, besides the host of the repositories.",
  ),
  allowedSourceOwners: listOf(
    textField(gitHubOwner),
    "Owners at GitHub that tenants' Flux sources may fetch from, besides the organisation.",
  ),
  allowedImageRegistries: listOf(textField(imageRegistry), "Registries that tenants' images may be from. None: any."),
  /** A tag is what people read, and a digest what their tools must first learn to write. */
  imageDigests: choiceField(["required", "optional"], {
    description: "Whether tenants' images must be named by their digest.",
  }).default("optional"),
  /** A node that hands out what it has would hand out other tenants' private images. */
  imagePullPolicy: choiceField(["Always", "any"], {
    description: "Whether tenants' pods must have their images pulled for every start.",
  }).default("Always"),
  /** A default amount is too small for one workload and too large for the next. */
  workloadResources: choiceField(["required", "defaulted"], {
    description: "Whether tenants' workloads must declare CPU and memory, or may leave them to the limit range.",
  }).default("required"),
  extendedResources: z.record(textField(extendedResource), textField(quantity)).default({}).meta({
    description:
      "Resources that tenants' containers may use besides CPU, memory and disk, and the amount for each namespace.",
  }),
  /** Those that the platform's own manifests make for tenants: fleet/infrastructure/base. */
  priorityClasses: z
    .array(textField(dnsSubdomain))
    .default(["tenant-default", "tenant-batch"])
    .meta({ description: "PriorityClasses that tenants' pods may use." }),
  /** A tenant that may serve any host could serve those of other tenants. */
  hosts: choiceField(["listed", "any"], {
    description: "Whether tenants' Ingresses and routes serve the hosts that their files list and no others, or any.",
  }).default("listed"),
  notificationAddresses: choiceField(["https", "any"], {
    description: "Whether tenants' notifications must use https.",
  }).default("https"),
  serviceExposure: listOf(
    z.enum(["NodePort", "LoadBalancer", "externalIPs", "ExternalName"]),
    "Types and fields that tenants' Services may use besides ClusterIP.",
  ),
};

type AdmissionConfig = DeepReadonly<z.infer<z.ZodObject<typeof admissionConfig>>>;

/** A way in which a Service is reached from outside the cluster, or leads out of its namespace. */
export type ServiceExposure = AdmissionConfig["serviceExposure"][number];

/** Whether templates of workloads must declare what their containers take, or may leave it to the limit range. */
export type WorkloadResources = AdmissionConfig["workloadResources"];

/** Resources of nodes beside CPU, memory and disk, by name, and how much of each a tenant's namespace may have. */
export type ExtendedResources = AdmissionConfig["extendedResources"];

/** Where notifications may be sent: over https alone, or to any address. */
export type NotificationAddresses = AdmissionConfig["notificationAddresses"];

/** The rules for images of tenants' pods. */
export interface ImageRules {
  /** Hosts, or hosts with a path: `ghcr.io/acme`. None means any. */
  readonly registries: AdmissionConfig["allowedImageRegistries"];
  readonly digests: AdmissionConfig["imageDigests"];
  readonly pullPolicy: AdmissionConfig["imagePullPolicy"];
}
