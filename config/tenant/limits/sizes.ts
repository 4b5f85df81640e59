/** Names of the sizes, from the smallest on. */
export const SIZE_NAMES = ["small", "medium", "large"] as const;

/** The limits of a namespace, summed over its objects: of each size, from the smallest on. Every amount grows. */
const amounts = {
  cpu: ["4", "16", "64"],
  memory: ["8Gi", "32Gi", "128Gi"],
  storage: ["50Gi", "200Gi", "1Ti"],
  /** Disk of the nodes in bytes, as a quantity: what containers write, their logs, and empty directories. */
  ephemeralStorage: ["20Gi", "80Gi", "320Gi"],
  pods: [50, 150, 500],
  configMaps: [100, 200, 500],
  /** Helm keeps each revision of a release in a Secret, ten of them by default. */
  secrets: [100, 200, 500],
  services: [25, 50, 150],
  persistentVolumeClaims: [10, 30, 100],
  jobs: [50, 150, 500],
  objects: [50, 100, 300],
  fluxObjects: [20, 50, 100],
};

type Amounts = { readonly [Amount in keyof typeof amounts]: (typeof amounts)[Amount][number] };

function amountsOf(size: (typeof SIZE_NAMES)[number]): Amounts {
  const index = SIZE_NAMES.indexOf(size);
  return Object.fromEntries(Object.entries(amounts).map(([amount, ofSizes]) => [amount, ofSizes[index]])) as Amounts;
}

/** The amounts of each size. */
export const SIZES = { small: amountsOf("small"), medium: amountsOf("medium"), large: amountsOf("large") } as const;

/**
 * The default of a container without limits. It counts against the quota all the same, and the quota would refuse a
 * container for which there is nothing to count.
 */
export const CONTAINER_DEFAULTS = {
  requests: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "128Mi" },
  limits: { cpu: "200m", memory: "256Mi", "ephemeral-storage": "1Gi" },
} as const;
