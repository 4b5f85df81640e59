/** The defaults of a stack's settings that are the same for all stacks. */
export const stackDefaults = {
  /** The default of Kubernetes installers. */
  clusterDomain: "cluster.local",
  logLevel: "info",
  /** Under lockdown nothing else is used. */
  controllerRights: "impersonate",
  /** Pulling the controllers' images on a new node takes a minute or two. */
  readyTimeout: "5m",
  platformRepository: { name: "platform", visibility: "private", defaultBranch: "main" },
  /** As `flux bootstrap` has it: the platform changes seldom, and its Git source can be told of a push. */
  platformInterval: "10m",
  /** A warning alone protects nothing. */
  admission: "enforce",
  /** Those that the platform's own manifests make for tenants: fleet/infrastructure/base. */
  priorityClasses: ["tenant-default", "tenant-batch"],
  /** Lower levels need the platform's consent, once for the stack. */
  podSecurityFloor: "restricted",
  /** A tag is what people read, and a digest what their tools must first learn to write. */
  imageDigests: "optional",
  /** A node that hands out what it has would hand out other tenants' private images. */
  imagePullPolicy: "Always",
  /** A default amount is too small for one workload and too large for the next. */
  workloadResources: "required",
  /** A tenant that may serve any host could serve those of other tenants. */
  hosts: "listed",
  notificationAddresses: "https",
} as const;
