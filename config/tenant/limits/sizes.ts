/** The limits of a tenant's namespace, summed over its objects. */
export interface Amounts {
  /** CPU in cores, as a quantity. */
  readonly cpu: string;
  /** Memory in bytes, as a quantity. */
  readonly memory: string;
  /** Persistent storage in bytes, as a quantity. */
  readonly storage: string;
  /** Disk of the nodes in bytes, as a quantity: what containers write, their logs, and empty directories. */
  readonly ephemeralStorage: string;
  /** Pods that run or start. */
  readonly pods: number;
  readonly configMaps: number;
  readonly secrets: number;
  readonly services: number;
  readonly persistentVolumeClaims: number;
  /** Jobs, and as many CronJobs. */
  readonly jobs: number;
  /** Objects of each other kind of Kubernetes. */
  readonly objects: number;
  /** Objects of each kind of Flux. */
  readonly fluxObjects: number;
}

/** Names of the sizes, from the smallest on. */
export const SIZE_NAMES = ["small", "medium", "large"] as const;

/** Name of a size. */
export type SizeName = (typeof SIZE_NAMES)[number];

/** The amounts of each size. Every amount grows from one to the next. */
export const SIZES: Readonly<Record<SizeName, Amounts>> = {
  small: {
    cpu: "4",
    memory: "8Gi",
    storage: "50Gi",
    ephemeralStorage: "20Gi",
    pods: 50,
    configMaps: 100,
    // Helm keeps each revision of a release in a Secret, ten of them by default.
    secrets: 100,
    services: 25,
    persistentVolumeClaims: 10,
    jobs: 50,
    objects: 50,
    fluxObjects: 20,
  },
  medium: {
    cpu: "16",
    memory: "32Gi",
    storage: "200Gi",
    ephemeralStorage: "80Gi",
    pods: 150,
    configMaps: 200,
    secrets: 200,
    services: 50,
    persistentVolumeClaims: 30,
    jobs: 150,
    objects: 100,
    fluxObjects: 50,
  },
  large: {
    cpu: "64",
    memory: "128Gi",
    storage: "1Ti",
    ephemeralStorage: "320Gi",
    pods: 500,
    configMaps: 500,
    secrets: 500,
    services: 150,
    persistentVolumeClaims: 100,
    jobs: 500,
    objects: 300,
    fluxObjects: 100,
  },
};

/**
 * The default of a container without limits. It counts against the quota all the same, and the quota would refuse a
 * container for which there is nothing to count.
 */
export const CONTAINER_DEFAULTS = {
  requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "128Mi" },
  limits: { cpu: "200m", memory: "256Mi", "ephemeral-storage": "1Gi" },
} as const;
