/** What a stack gets whose configuration does not say otherwise, as far as it is the same for all of them. */
export const stackDefaults = {
  /** What Kubernetes installers choose when not told otherwise. */
  clusterDomain: "cluster.local",
  logLevel: "info",
  /** Under lockdown nothing else is used. */
  controllerRights: "impersonate",
  /** Pulling the controllers' images on a new node takes a minute or two. */
  readyTimeout: "5m",
  platformRepository: { name: "platform", visibility: "private", defaultBranch: "main" },
  /** As `flux bootstrap` has it: the platform changes seldom, and its Git source can be told of a push. */
  platformInterval: "10m",
  /** What is only told is not kept. */
  admission: "enforce",
  /** Those that the platform's own manifests make for tenants: fleet/infrastructure/base. */
  priorityClasses: ["tenant-default", "tenant-batch"],
  /** Lower levels need the platform's consent, once for the stack. */
  podSecurityFloor: "restricted",
  /** A tag is what people read, and a digest what their tools must first learn to write. */
  imageDigests: "optional",
  /** A node that hands out what it has would hand out other tenants' private images. */
  imagePullPolicy: "Always",
  /** A share that nobody chose is too small for one and too large for the next. */
  workloadResources: "required",
  /** Whoever serves any host serves other tenants'. */
  hosts: "listed",
  notificationAddresses: "https",
} as const;
