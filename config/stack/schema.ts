import { z } from "zod";
import type { DeepReadonly } from "../../lib/data/freeze.js";
import { durationRule, quantity } from "../rules/amounts.js";
import { amountField, choiceField, listOf, textField, withoutRepeats } from "../rules/field.js";
import { labelKey, tenantKeys } from "../rules/labels.js";
import {
  dnsLabel,
  dnsSubdomain,
  fluxVersion,
  gitHubNodeId,
  gitHubOwner,
  gitHubRepository,
  shardName,
  stackName,
  teamName,
  variableName,
  variableValue,
} from "../rules/names.js";
import { patternRule } from "../rules/rule.js";
import { sshAddress } from "../rules/ssh-address.js";
import { sshHostKey } from "../rules/ssh-host-key.js";
import { webOrigin } from "../rules/web-address.js";
import { grantableRole } from "../tenant/access/schema.js";
import { POD_SECURITY_LEVELS } from "../tenant/namespaces/schema.js";
import { identityAnnotation } from "../tenant/service-accounts/schema.js";
import { platformExports } from "../tenant/services/schema.js";
import { addonsConfig } from "./addons.js";
import { commonConfigMapsConfig, commonSecretsConfig, pullSecretsConfig } from "./common-objects.js";
import { controllersConfig, EXTRA_COMPONENTS } from "./controllers.js";
import { gitCertificatesConfig, gitTokensConfig } from "./git-tokens.js";
import { oneLine } from "./one-line.js";
import { platformRepositoryConfig } from "./platform-repository/schema.js";
import { podSettings } from "./pod-settings.js";
import { promotionSettings } from "./promotion.js";
import { scaffoldChartConfig } from "./scaffold-chart.js";
import { secretsConfig } from "./secrets.js";

const label = "[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?";

/** Host of a URL, with its port where the URL names one; compared as it stands there. */
const sourceHost = patternRule({
  pattern: `^${label}(\\.${label})*(:[0-9]{1,5})?$`,
  maxLength: 259,
  form: "a host: a DNS name or IPv4 address, with :PORT if the URL has one",
  fix: "Write the host alone, like ghcr.io or charts.example.com:8443",
});

/**
 * Key of an annotation with its prefix, or all keys of a prefix. Keys without a prefix are allowed anyway, except the one
 * of Grafana's sidecar.
 */
const annotationKey = patternRule({
  pattern: `^(k8s-sidecar-target-directory|${label}(\\.${label})*/(\\*|[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?))$`,
  maxLength: 317,
  form: "the key of an annotation with its prefix, or a prefix with /*",
  fix: "Write it like example.com/owner, or example.com/* for all keys of that prefix",
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

/** Configuration of a stack, keys without `fleet:`; what is left out has its default. */
export const stackConfig = z.strictObject({
  adopt: z
    .strictObject({
      repositories: listOf(
        textField(gitHubRepository, { description: "Name of a repository." }),
        "Repositories with the topic managed-by-fleet.",
      ),
      teams: listOf(
        textField(teamName, { description: "Address of a team." }),
        "Teams whose description ends in (managed by fleet).",
      ),
    })
    .prefault({})
    .meta({
      description:
        "Repositories and teams of GitHub that the stack takes over, although its state does not have them: after a lost state, or when a tenant comes back. Their administrators can write the marks, so nothing is taken over by its mark alone.",
    }),
  repositoryIds: z
    .record(
      textField(gitHubRepository, { description: "Name of a repository." }),
      textField(gitHubNodeId, { description: "Id of the repository." }),
    )
    .default({})
    .meta({
      description:
        "GitHub's ids of the repositories that another stack creates, by name. Needed only where the state of that stack cannot be read: in another backend, for instance. Its output repositoryIds has this form.",
    }),
  unreadableStacks: z
    .record(
      textField(stackName, { description: "Name of a stack." }),
      textField(oneLine("a reason in one line", "Write one sentence, like: Its state was deleted with the cluster"), {
        description: "Reason.",
      }),
    )
    .default({})
    .meta({
      description:
        "Stacks whose outputs cannot be read, each with the reason. The stack that creates repositories archives those of removed tenants without asking them.",
    }),
  repositoryOwner: textField(stackName, {
    description: "Stack that creates the GitHub repositories; all others look them up.",
  }),
  fluxVersion: textField(fluxVersion, { description: "Release of Flux, as flux.lock.json lists it." }),
  githubOwner: textField(gitHubOwner, {
    description: "GitHub organisation. Default: the environment variable GITHUB_OWNER.",
  }).exactOptional(),
  sshHostKeys: listOf(
    textField(sshHostKey),
    "SSH host keys of GitHub, TYPE BASE64, instead of those that its API lists. GitHub Enterprise Server lists none, so it needs them.",
  ),
  sshAddress: textField(sshAddress, {
    description:
      "Host and port at which Flux reaches Git by SSH, like ssh.github.com:443 where port 22 is blocked. Default: those of GitHub's clone URLs.",
  }).exactOptional(),
  gitTokens: gitTokensConfig,
  gitCertificates: gitCertificatesConfig,
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
  /** Three controllers each: a shard for every tenant would cost more than it protects. */
  shards: z
    .array(textField(shardName, { description: "Name of a shard." }))
    .superRefine(withoutRepeats((name: string) => name))
    .default([])
    .meta({
      description:
        "Shards of Flux: each has a source-controller, a kustomize-controller and a helm-controller of its own, with the settings of the main ones in fleet:controllers. A tenant file names one in shard.",
    }),
  /** Pulling the controllers' images on a new node takes a minute or two. */
  readyTimeout: textField(
    durationRule("5s", "30m", "a controller that is not up by then is not coming up, and pulumi up waits for it"),
    { description: "Time that a controller has to become ready." },
  ).default("5m"),
  controllers: controllersConfig,
  platformRepository: platformRepositoryConfig,
  /** As `flux bootstrap` has it: the platform changes seldom, and its Git source can be told of a push. */
  platformInterval: textField(
    durationRule("10s", "1h", "more often costs more than it brings, and until then a change by hand stays"),
    { description: "Interval of the platform's sync." },
  ).default("10m"),
  /** Optional, because only upstream's registry knows a digest, and the sandbox packages other bytes. */
  chartDigests: choiceField(["required", "optional"], {
    description: "Whether each chart of fleet/ must have the digest that fleet lock charts writes.",
  }).default("optional"),
  ingressNamespaces: listOf(textField(dnsLabel), "Namespaces that a tenant's file may let in, by network.ingress."),
  exports: platformExports.default({}).meta({
    description: "Services of the platform that tenants may import: NAME: {namespace, service, port, pods, to}.",
  }),
  addons: addonsConfig,
  offers: listOf(
    z.enum(["flagger"]),
    "Former name of addons for Flagger: flagger, which is the same as addons.flagger: {}.",
  ),
  identityAnnotations: listOf(
    identityAnnotation,
    "More annotations for cloud identities that tenant files may set, beside those of AWS, Azure and Google.",
  ),
  allowedRoles: listOf(
    textField(grantableRole),
    "ClusterRoles that a tenant's file may give to groups, by access.roles.",
  ),
  namespaceKeys: listOf(
    textField(tenantKeys),
    "Labels and annotations with a domain that tenant files may set on namespaces, each as KEY or DOMAIN/*.",
  ),
  /** Lower levels need the platform's consent, once for the stack. */
  podSecurityFloor: choiceField(POD_SECURITY_LEVELS, {
    description: "Lowest level of Pod Security that a tenant's file may ask for.",
  }).default("restricted"),
  variables: z
    .record(textField(variableName), textField(variableValue))
    .default({})
    .meta({ description: "Variables for the platform's manifests, used there by their names." }),
  // Admission (docs/admission.md).
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
  extendedResources: z.record(textField(extendedResource), amountField(quantity)).prefault({}).meta({
    description:
      "Resources that tenants' containers may use besides CPU, memory and disk, and the amount for each namespace.",
  }),
  ...podSettings,
  /** A tenant that may serve any host could serve those of other tenants. */
  hosts: choiceField(["listed", "any"], {
    description: "Whether tenants' Ingresses and routes serve the hosts that their files list and no others, or any.",
  }).default("listed"),
  allowedAnnotations: listOf(
    textField(annotationKey),
    "Annotations that tenants may set, with any value, besides the known ones, on Ingresses, routes, Services, ConfigMaps, Secrets, claims, autoscalers and accounts: PREFIX/NAME, or PREFIX/* for all of a prefix.",
  ),
  notificationAddresses: choiceField(["https", "any"], {
    description: "Whether tenants' notifications must use https.",
  }).default("https"),
  /** No policy sees a Secret together with the object that names it, so every Secret with these keys is checked. */
  secretAddresses: choiceField(["public", "any"], {
    description:
      "Whether the keys address and proxy of tenants' Secrets, which notifications use, must hold the https address of a public host, or any text.",
  }).default("public"),
  serviceExposure: listOf(
    z.enum(["NodePort", "LoadBalancer", "externalIPs", "ExternalName", "loadBalancerIP", "clusterIP"]),
    "Types of tenants' Services besides ClusterIP, and fields by which they may choose an address.",
  ),
  loadBalancerClasses: listOf(
    textField(labelKey),
    "Classes of load balancers that tenants' Services may name. None: the cluster's default only.",
  ),
  ...promotionSettings,
  secrets: secretsConfig,
  commonConfigMaps: commonConfigMapsConfig,
  commonSecrets: commonSecretsConfig,
  pullSecrets: pullSecretsConfig,
  scaffoldChart: scaffoldChartConfig,
  webhookUrl: textField(webOrigin, {
    description: "Address at which GitHub reaches the webhook-receiver of this cluster. Default: none.",
  }).exactOptional(),
});

/** Configuration of a stack, complete. */
export type StackConfig = DeepReadonly<z.infer<typeof stackConfig>>;
