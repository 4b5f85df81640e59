import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import { quantityAmount } from "../../lib/kubernetes/quantity.js";
import { durationRule } from "../rules/duration.js";
import { choiceField, listOf, textField } from "../rules/field.js";
import {
  dnsLabel,
  dnsSubdomain,
  fluxVersion,
  gitHubOwner,
  gitHubRepository,
  stackName,
  variableName,
} from "../rules/names.js";
import { quantity } from "../rules/quantity.js";
import { variableValue } from "../rules/variable-value.js";
import { webOrigin } from "../rules/web-address.js";
import { grantableRole } from "../tenant/access/schema.js";
import { POD_SECURITY_LEVELS } from "../tenant/namespaces/schema.js";
import { repositoryFields } from "../tenant/repositories/schema.js";
import { identityAnnotation } from "../tenant/service-accounts/schema.js";
import { platformExports } from "../tenant/services/schema.js";
import { admissionConfig } from "./admission-schema.js";
import { controllerArgument, flagName } from "./controller-arguments.js";
import { secretsConfig } from "./secrets.js";

/** Controllers of Flux that a stack can have installed beside the four that it always has. */
export const EXTRA_COMPONENTS = ["image-reflector-controller", "image-automation-controller"] as const;

/** Every controller that a stack can set up. */
export const CONTROLLERS = [
  "source-controller",
  "kustomize-controller",
  "helm-controller",
  "notification-controller",
  ...EXTRA_COMPONENTS,
] as const;

const bytes = textField(quantity, { description: "Bytes: 1Gi." }).exactOptional();
const cpu = textField(quantity, { description: "Cores: 2, 500m." }).exactOptional();
const quantities = z.strictObject({ cpu, memory: bytes, "ephemeral-storage": bytes }).exactOptional();

const controller = z.strictObject({
  args: z
    .array(textField(controllerArgument))
    .superRefine((args, context) => {
      const flags = args.map(flagName);
      for (const [index, flag] of flags.entries()) {
        if (flags.indexOf(flag) === index) continue;
        const message = `repeats --${flag}, of which only the last would count`;
        context.addIssue({ code: "custom", path: [index], message, params: { fix: "Keep one of them" } });
      }
    })
    .default([])
    .meta({ description: "Arguments added to those that the program sets." }),
  resources: z
    .strictObject({ requests: quantities, limits: quantities })
    .superRefine(({ requests = {}, limits = {} }, context) => {
      for (const [resource, amount] of Object.entries(requests)) {
        const limit = Object.entries(limits).find(([name]) => name === resource)?.[1];
        if (limit === undefined || quantityAmount(amount) <= quantityAmount(limit)) continue;
        const message = "is more than the limit, so Kubernetes would refuse every pod of the controller";
        const fix = "Raise the limit or lower the request";
        context.addIssue({ code: "custom", path: ["requests", resource], message, params: { fix } });
      }
    })
    .exactOptional()
    .meta({ description: "CPU and memory instead of those of the release." }),
  volumeSize: textField(quantity, {
    description: "Size of each of its volumes; a pod that exceeds it is evicted. Default: 5Gi.",
  }).exactOptional(),
});

const optional = controller.exactOptional();
const controllers = Object.fromEntries(CONTROLLERS.map((name) => [name, optional])) as Record<
  (typeof CONTROLLERS)[number],
  typeof optional
>;

/** Configuration of a stack, keys without `fleet:`; what is left out has its default. */
export const stackConfig = z.strictObject({
  repositoryOwner: textField(stackName, {
    description: "Stack that creates the GitHub repositories; all others look them up.",
  }),
  fluxVersion: textField(fluxVersion, { description: "Release of Flux, as flux.lock.json lists it." }),
  githubOwner: textField(gitHubOwner, {
    description: "GitHub organisation. Default: the environment variable GITHUB_OWNER.",
  }).exactOptional(),
  cluster: textField(dnsLabel, {
    description: "Name of the cluster, in titles of deploy keys. Default: the stack's name.",
  }).exactOptional(),
  /** The default of Kubernetes installers. */
  clusterDomain: textField(dnsSubdomain, { description: "DNS domain of the cluster's services." }).default(
    "cluster.local",
  ),
  logLevel: choiceField(["debug", "info", "error"], { description: "Log level of the controllers." }).default("info"),
  /** Under lockdown nothing else is used. */
  controllerRights: choiceField(["impersonate", "cluster-admin"], {
    description:
      "Rights of kustomize-controller and helm-controller: only impersonation of service accounts, or cluster-admin as released.",
  }).default("impersonate"),
  extraComponents: listOf(z.enum(EXTRA_COMPONENTS), "Controllers to install beside the four that every stack has."),
  /** Pulling the controllers' images on a new node takes a minute or two. */
  readyTimeout: textField(
    durationRule({
      least: "5s",
      most: "30m",
      why: "a controller that is not up by then is not coming up, and pulumi up waits for it",
    }),
    { description: "Time that a controller has to become ready." },
  ).default("5m"),
  controllers: z
    .strictObject(controllers)
    .prefault({})
    .meta({ description: "Arguments, resources and size of volumes, by controller." }),
  platformRepository: z
    .strictObject({
      name: textField(gitHubRepository, { description: "Name of the platform's repository at GitHub." }).default(
        "platform",
      ),
      visibility: repositoryFields.visibility.default("private"),
      defaultBranch: repositoryFields.defaultBranch.default("main"),
    })
    .prefault({})
    .meta({ description: "Repository that Flux syncs for the platform. The same on every stack." }),
  /** As `flux bootstrap` has it: the platform changes seldom, and its Git source can be told of a push. */
  platformInterval: textField(
    durationRule({
      least: "10s",
      most: "1h",
      why: "more often costs more than it brings, and until then a change by hand stays",
    }),
    { description: "Interval of the platform's sync." },
  ).default("10m"),
  ingressNamespaces: listOf(textField(dnsLabel), "Namespaces that a tenant's file may let in, by network.ingress."),
  exports: platformExports.default({}).meta({
    description: "Services of the platform that tenants may import: NAME: {namespace, service, port, pods, to}.",
  }),
  offers: listOf(z.enum(["flagger"]), "Addons that the infrastructure has for tenants: flagger."),
  identityAnnotations: listOf(
    identityAnnotation,
    "More annotations for cloud identities that tenant files may set, beside those of AWS, Azure and Google.",
  ),
  allowedRoles: listOf(
    textField(grantableRole),
    "ClusterRoles that a tenant's file may give to groups, by access.roles.",
  ),
  /** Lower levels need the platform's consent, once for the stack. */
  podSecurityFloor: choiceField(POD_SECURITY_LEVELS, {
    description: "Lowest level of Pod Security that a tenant's file may ask for.",
  }).default("restricted"),
  variables: z
    .record(textField(variableName), textField(variableValue))
    .default({})
    .meta({ description: "Variables for the platform's manifests, used there by their names." }),
  ...admissionConfig,
  secrets: secretsConfig,
  webhookUrl: textField(webOrigin, {
    description: "Address at which GitHub reaches the webhook-receiver of this cluster. Default: none.",
  }).exactOptional(),
});

/** Configuration of a stack, complete. */
export type StackConfig = DeepReadonly<z.infer<typeof stackConfig>>;
