import { z } from "zod";
import { choiceField, textField } from "../rules/field.js";
import { dnsSubdomain, gitHubOwner } from "../rules/names.js";
import { quantity } from "../rules/quantity.js";
import { patternRule } from "../rules/rule.js";
import { stackDefaults } from "./defaults.js";

/** Whether what an admission policy refuses is refused, or passes with a warning and a note in the audit log. */
export const ADMISSION_MODES = ["enforce", "audit"] as const;

/** See {@link ADMISSION_MODES}. */
export type AdmissionMode = (typeof ADMISSION_MODES)[number];

/** Ways in which a Service is reached from outside the cluster, or leads out of its namespace. */
export const SERVICE_EXPOSURES = ["NodePort", "LoadBalancer", "externalIPs", "ExternalName"] as const;

/** One of {@link SERVICE_EXPOSURES}. */
export type ServiceExposure = (typeof SERVICE_EXPOSURES)[number];

/** Whether templates of workloads must declare what their containers take, or may leave it to the limit range. */
export const WORKLOAD_RESOURCES = ["required", "defaulted"] as const;

/** One of {@link WORKLOAD_RESOURCES}. */
export type WorkloadResources = (typeof WORKLOAD_RESOURCES)[number];

/** Resources of nodes beside CPU, memory and disk, by name, and how much of each a tenant's namespace may have. */
export type ExtendedResources = Readonly<Record<string, string>>;

/** Whether images must be named by their digest. */
export const IMAGE_DIGESTS = ["required", "optional"] as const;

/** When nodes must pull images: for every start, or as the pod says. */
export const IMAGE_PULL_POLICIES = ["Always", "any"] as const;

/** Which hosts tenants may serve: those that their files list, or any. */
export const HOST_RULES = ["listed", "any"] as const;

/** Where notifications may be sent: over https alone, or to any address. */
export const NOTIFICATION_ADDRESSES = ["https", "any"] as const;

/** One of {@link NOTIFICATION_ADDRESSES}. */
export type NotificationAddresses = (typeof NOTIFICATION_ADDRESSES)[number];

/** The rules for images of tenants' pods. */
export interface ImageRules {
  /** Hosts, or hosts with a path: `ghcr.io/acme`. None means any. */
  readonly registries: readonly string[];
  readonly digests: (typeof IMAGE_DIGESTS)[number];
  readonly pullPolicy: (typeof IMAGE_PULL_POLICIES)[number];
}

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
  admission: choiceField(ADMISSION_MODES, {
    description: "Whether the admission policies refuse requests, or only warn and write to the audit log.",
  }).default(stackDefaults.admission),
  allowedSourceHosts: z
    .array(textField(sourceHost, { description: "A host, with :PORT if the URL names one." }))
    .default([])
    .meta({ description: "Hosts that tenants' Flux sources may fetch from, besides the host of the repositories." }),
  allowedSourceOwners: z
    .array(textField(gitHubOwner, { description: "An organisation or user at GitHub." }))
    .default([])
    .meta({ description: "Owners at GitHub that tenants' Flux sources may fetch from, besides the organisation." }),
  allowedImageRegistries: z
    .array(textField(imageRegistry, { description: "A host, or a host and a path: ghcr.io/acme." }))
    .default([])
    .meta({ description: "Registries that tenants' images may be from. None: any." }),
  imageDigests: choiceField(IMAGE_DIGESTS, {
    description: "Whether tenants' images must be named by their digest.",
  }).default(stackDefaults.imageDigests),
  imagePullPolicy: choiceField(IMAGE_PULL_POLICIES, {
    description: "Whether tenants' pods must have their images pulled for every start.",
  }).default(stackDefaults.imagePullPolicy),
  workloadResources: choiceField(WORKLOAD_RESOURCES, {
    description: "Whether tenants' workloads must declare CPU and memory, or may leave them to the limit range.",
  }).default(stackDefaults.workloadResources),
  extendedResources: z
    .record(
      textField(extendedResource, { description: "Name of a resource: nvidia.com/gpu, hugepages-2Mi." }),
      textField(quantity, { description: "Amount for each namespace of a tenant." }),
    )
    .default({})
    .meta({
      description:
        "Resources that tenants' containers may use besides CPU, memory and disk, and the amount for each namespace.",
    }),
  priorityClasses: z
    .array(textField(dnsSubdomain, { description: "Name of a PriorityClass." }))
    .default([...stackDefaults.priorityClasses])
    .meta({ description: "PriorityClasses that tenants' pods may use." }),
  hosts: choiceField(HOST_RULES, {
    description: "Whether tenants' Ingresses and routes serve the hosts that their files list and no others, or any.",
  }).default(stackDefaults.hosts),
  notificationAddresses: choiceField(NOTIFICATION_ADDRESSES, {
    description: "Whether tenants' notifications must use https.",
  }).default(stackDefaults.notificationAddresses),
  serviceExposure: z
    .array(choiceField(SERVICE_EXPOSURES, { description: "A way that tenants' Services may be exposed." }))
    .default([])
    .meta({
      description: "Types and fields that tenants' Services may use besides ClusterIP.",
    }),
};
