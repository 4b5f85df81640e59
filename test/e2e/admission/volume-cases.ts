import type { Fields } from "../../support/objects/object.js";
import {
  claimSpec,
  deployment,
  everyWorkload,
  pod,
  podSpec,
  statefulSet,
  volumeClaim,
} from "../../support/objects/workloads.js";
import { allowed, type Case, each, type Objects, type Place, refused } from "./cases.js";

const withVolume = (source: Fields) => podSpec({}, { volumes: [{ name: "data", ...source }] });
const inline = (driver: string) => withVolume({ csi: { driver, volumeAttributes: { server: "203.0.113.7" } } });

/** Sources of volumes that lead nowhere but to the pod's own namespace. */
const ownSources: Readonly<Record<string, Fields>> = {
  "a ConfigMap": { configMap: { name: "settings" } },
  "a Secret": { secret: { secretName: "settings" } },
  "an empty directory": { emptyDir: {} },
  "a claim": { persistentVolumeClaim: { claimName: "data" } },
  "a token": { projected: { sources: [{ serviceAccountToken: { path: "token", audience: "sts.example.com" } }] } },
  "its own labels": { downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
  "a claim that goes with the pod": { ephemeral: { volumeClaimTemplate: { spec: claimSpec() } } },
};

/** A claim of a volume by every kind of object that has one. @param title what follows the kind in its title */
function everyClaim(
  place: Place,
  title: string,
  spec: Fields,
  annotations?: Readonly<Record<string, string>>,
): Objects {
  const template = { metadata: annotations === undefined ? {} : { annotations }, spec: claimSpec(spec) };
  return {
    [`a claim ${title}`]: volumeClaim({ ...place, ...(annotations && { annotations }) }, spec),
    [`a StatefulSet with a claim ${title}`]: statefulSet(place, podSpec(), {
      volumeClaimTemplates: [{ ...template, metadata: { name: "data", ...template.metadata } }],
    }),
    [`a Deployment with an ephemeral claim ${title}`]: deployment(
      place,
      withVolume({ ephemeral: { volumeClaimTemplate: template } }),
    ),
  };
}

/** Annotations of claims by which a driver of storage takes another's volume, path or settings. */
const storageAnnotations = [
  "cas.openebs.io/config",
  "cdi.kubevirt.io/storage.import.endpoint",
  "k8s.io/CloneRequest",
  "pv.kubernetes.io/bind-completed",
  "trident.netapp.io/shareFromPVC",
] as const;

/** Policy fleet-volumes, where the stack lists the driver `secrets-store.csi.k8s.io` and no storage classes. */
export function volumeCases(place: Place): Case[] {
  return [
    ...refused(/volumes of pods must not name a server or a driver of storage: claim a volume instead/, {
      ...everyWorkload(place, "with any server of an NFS driver", inline("nfs.csi.k8s.io")),
      "a pod with any server of an NFS driver": pod(place, inline("nfs.csi.k8s.io")),
      "a pod with a certificate of a name of its choice": pod(place, inline("csi.cert-manager.io")),
      "a pod with an NFS server": pod(place, withVolume({ nfs: { server: "203.0.113.7", path: "/" } })),
      "a Deployment with an iSCSI target": deployment(
        place,
        withVolume({ iscsi: { targetPortal: "203.0.113.7:3260", iqn: "iqn.2001-04.com.example:data", lun: 0 } }),
      ),
    }),
    ...refused(
      /claims must not choose their volume, because it may be another tenant's: remove volumeName and selector/,
      {
        ...everyClaim(place, "of a volume by its name", { volumeName: "of-team-b" }),
        ...everyClaim(place, "of volumes by their labels", { selector: { matchLabels: { tenant: "team-b" } } }),
      },
    ),
    ...refused(
      /claims must have a storage class that the platform offers: remove storageClassName or name a class/,
      everyClaim(place, "of any volume without a class", { storageClassName: "" }),
    ),
    ...annotationCases(place),
    ...contentCases(place),
    ...allowed({
      ...each(Object.entries(ownSources), ([title, source]) => [
        `a Deployment with ${title} as a volume`,
        deployment(place, withVolume(source)),
      ]),
      "a pod with a driver that the stack lists": pod(place, inline("secrets-store.csi.k8s.io")),
      ...everyClaim(place, "of a class", { storageClassName: "fast" }, { "helm.sh/resource-policy": "keep" }),
      "a claim of the default class": volumeClaim(place),
      "a claim with a note": volumeClaim({ ...place, annotations: { owner: "shop" } }),
      "a claim that is backed up": volumeClaim({ ...place, annotations: { "backup.velero.io/must-include": "x" } }),
      "a claim that is a copy of another": volumeClaim(place, {
        dataSource: { kind: "PersistentVolumeClaim", name: "data" },
      }),
    }),
  ];
}

/** Contents and attributes of volumes. */
function contentCases(place: Place): Case[] {
  const source = (apiGroup: string, kind: string) => ({ apiGroup, kind, name: "data" });
  return [
    ...refused(
      /claims must have the attributes of their storage class: remove volumeAttributesClassName, or ask/,
      everyClaim(place, "of attributes of its choice", { volumeAttributesClassName: "most-expensive" }),
    ),
    ...refused(
      /claims must be for a file system, because a raw device may hold what its earlier user left/,
      everyClaim(place, "of a raw device", { volumeMode: "Block" }),
    ),
    ...refused(/claims must be filled from a claim or a snapshot: set the kind of dataSource/, {
      ...everyClaim(place, "that a populator fills", {
        dataSourceRef: source("forklift.konveyor.io", "OpenstackVolumePopulator"),
      }),
      "a claim that a populator with a familiar name fills": volumeClaim(place, {
        dataSourceRef: source("example.com", "PersistentVolumeClaim"),
      }),
    }),
    ...allowed(
      everyClaim(place, "from a snapshot", { dataSourceRef: source("snapshot.storage.k8s.io", "VolumeSnapshot") }),
    ),
    ...allowed(everyClaim(place, "of a file system", { volumeMode: "Filesystem" })),
  ];
}

/** Annotations of claims. */
function annotationCases(place: Place): Case[] {
  return [
    ...refused(
      /claims must not have annotations that storage may obey, such as/,
      everyClaim(place, "with the path of another on the server", {}, { "nfs.io/storage-path": "../team-b" }),
    ),
    ...refused(/claims must not have annotations that storage may obey, such as/, {
      ...each(storageAnnotations, (key) => [
        `a claim with ${key}`,
        volumeClaim({ ...place, annotations: { [key]: "x" } }),
      ]),
      "a claim of a class by an old annotation": volumeClaim({
        ...place,
        annotations: { "volume.beta.kubernetes.io/storage-class": "" },
      }),
      "a claim on a node of its choice": volumeClaim({
        ...place,
        annotations: { "volume.kubernetes.io/selected-node": "node-0" },
      }),
    }),
  ];
}

const fast = { storageClassName: "fast" };

/** Claims where the stack lists the classes `fast` and, of attributes, `gold`, and allows raw devices. */
export function attributesClassCases(place: Place): Case[] {
  return [
    ...refused(
      /claims must have the attributes of their storage class: remove .*, or set it to one of gold, or ask/,
      everyClaim(place, "of other attributes", { ...fast, volumeAttributesClassName: "platinum" }),
    ),
    ...allowed(everyClaim(place, "of listed attributes", { ...fast, volumeAttributesClassName: "gold" })),
    ...allowed(everyClaim(place, "of a raw device", { ...fast, volumeMode: "Block" })),
  ];
}

/** Claims where the stack lists the storage class `fast`. */
export function storageClassCases(place: Place): Case[] {
  return [
    ...refused(
      /claims must have a storage class that the platform offers: set storageClassName to one of fast,/,
      everyClaim(place, "of another class", { storageClassName: "shared-nfs" }),
    ),
    ...allowed(everyClaim(place, "of a listed class", { storageClassName: "fast" })),
  ];
}

/** Claims where the cluster has no default class, and the stack lists the storage class `fast`. */
export function classlessCases(place: Place): Case[] {
  return [
    ...refused(/claims must have a storage class, because this cluster has no default one.* set storageClassName to/, {
      "a claim without a class": volumeClaim(place),
    }),
    ...allowed({ "a claim of a listed class": volumeClaim(place, { storageClassName: "fast" }) }),
  ];
}
