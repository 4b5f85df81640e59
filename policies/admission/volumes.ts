import type { FleetSpec } from "../../config/fleet-spec.js";
import { kinds } from "../kinds.js";
import { FREE_PREFIXES } from "./annotations/known-annotations.js";
import { isListed } from "./annotations/listed-keys.js";
import { annotationsField, cel, celList, entryChanges, isNewOrChanges, isUnchanged } from "./cel/cel.js";
import { pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { createOrUpdate, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { fromTemplate, kubernetesControllers, ownAccount, platform } from "./cel/principals.js";

/** Sources of volumes that lead to no server and no other tenant. `hostPath` is a matter of Pod Security. */
const sources = [
  ...["configMap", "downwardAPI", "emptyDir", "ephemeral", "hostPath", "image", "persistentVolumeClaim"],
  ...["projected", "secret"],
];

/** Annotations of claims that no storage obeys: those of tools that deploy or back up. */
const harmlessAnnotations = [...FREE_PREFIXES, "backup.velero.io", "velero.io"].map((prefix) => `${prefix}/*`);

/** Binds claims: it writes the name of the volume, and the default class into older claims. */
const binder = kubernetesControllers("persistent-volume-binder");

const isClaim = "request.resource.resource == 'persistentvolumeclaims'";

/** Those who bind claims, fill checked templates, or decide for all tenants. */
const trusted = `variables.platform || variables.fromTemplate || ${binder}`;

type Settings = Pick<
  FleetSpec["admission"],
  "csiDrivers" | "storageClasses" | "volumeAttributesClasses" | "blockVolumes" | "annotations"
>;

/**
 * The policy on volumes of tenants' pods, and on claims of volumes. The author of a pod chooses the attributes of an
 * inline CSI volume: any server of an NFS driver, or a certificate of the neighbour's name. A claim that names its
 * volume, selects volumes or has no class takes a volume that was made for another. Templates of claims are checked as
 * well as claims, and Kubernetes' controllers create claims from checked templates. Only a claim shows that the cluster
 * has no default class, because Kubernetes sets that on new claims, and not in templates.
 * @param settings.csiDrivers drivers that inline volumes may use
 * @param settings.storageClasses classes of claims; none: every class, but not the empty name
 * @param settings.volumeAttributesClasses classes of attributes that claims may name
 * @param settings.blockVolumes whether claims may be for a raw device
 * @param settings.annotations annotations of claims that the stack leaves to the tenants
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#csi-ephemeral-volumes
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
 */
export function volumes(settings: Settings): PolicyDefinition {
  const { csiDrivers, storageClasses, volumeAttributesClasses, blockVolumes } = settings;
  return {
    name: "fleet-volumes",
    resourceRules: [...podTemplateKinds(), ...createOrUpdate(kinds("", "persistentvolumeclaims"))],
    matchConditions: {
      "spec-or-annotations-change": isNewOrChanges("spec", annotationsField),
      "not-from-a-checked-template": `${isClaim} || !(${fromTemplate})`,
    },
    variables: {
      platform,
      fromTemplate,
      ownAccount,
      isClaim,
      isChange: "request.operation == 'UPDATE'",
      pod,
      volumes: "variables.isClaim ? [] : variables.pod.?volumes.orValue([])",
      templates: cel`
        (request.resource.resource == 'statefulsets' ? object.spec.?volumeClaimTemplates.orValue([]) : [])
        + variables.volumes.filter(volume, has(volume.ephemeral)).map(volume, volume.ephemeral.volumeClaimTemplate)
      `,
      claims: "variables.isClaim ? [object] : variables.templates",
    },
    validations: [
      ofAllowedSource(csiDrivers),
      ...ofClaims(storageClasses, [...harmlessAnnotations, ...settings.annotations]),
      ofAllowedAttributes(volumeAttributesClasses),
      ...(blockVolumes === "any" ? [] : [ofFileSystem]),
      filledFromClaims,
      ofAnyClass(storageClasses),
    ],
  };
}

function ofAllowedSource(drivers: readonly string[]): Validation {
  const alternative = drivers.length === 0 ? "" : `, or use one of the drivers ${drivers.join(", ")}`;
  return {
    expression: cel`
      variables.volumes.all(
        volume,
        volume.all(key, key == 'name' || key == 'csi' || key in ${celList(sources)})
        && (!has(volume.csi) || volume.csi.driver in ${celList(drivers)})
      )
    `,
    message: `volumes of pods must not name a server or a driver of storage: claim a volume instead (persistentVolumeClaim)${alternative}, or ask the platform team (fleet:csiDrivers)`,
  };
}

function ofAllowedAttributes(classes: readonly string[]): Validation {
  const alternative = classes.length === 0 ? "" : `set it to one of ${classes.join(", ")}, or `;
  return {
    expression: cel`
      ${trusted}
      || (variables.isClaim && variables.isChange && ${isUnchanged("spec.?volumeAttributesClassName")})
      || variables.claims.all(
        claim,
        claim.spec.?volumeAttributesClassName.orValue('') in ${celList(["", ...classes])}
      )
    `,
    message: `claims must have the attributes of their storage class: remove volumeAttributesClassName, or ${alternative}ask the platform team (fleet:volumeAttributesClasses)`,
  };
}

/** Some storage does not overwrite a device between two claims. A file system shows no earlier content. */
const ofFileSystem: Validation = {
  expression: cel`
    ${trusted}
    || (variables.isClaim && variables.isChange)
    || variables.claims.all(claim, claim.spec.?volumeMode.orValue('') != 'Block')
  `,
  message:
    "claims must be for a file system, because a raw device may hold what its earlier user left: remove volumeMode, or ask the platform team (fleet:blockVolumes)",
};

/**
 * The API server writes an absent group as null. Other kinds are those of populators: programs that fill a volume from
 * where an object of theirs says.
 */
const filledFromClaims: Validation = {
  expression: cel`
    (variables.isClaim && (variables.isChange || !variables.ownAccount))
    || variables.claims.all(
      claim,
      [claim.spec.?dataSource, claim.spec.?dataSourceRef].all(
        source,
        source.?kind.orValue('') in (
          source.?apiGroup.orValue(null) == null || source.?apiGroup.orValue('') == ''
          ? ['', 'PersistentVolumeClaim']
          : source.?apiGroup.orValue('') == 'snapshot.storage.k8s.io' ? ['VolumeSnapshot'] : []
        )
      )
    )
  `,
  message:
    "claims must be filled from a claim or a snapshot: set the kind of dataSource and dataSourceRef to PersistentVolumeClaim, or to VolumeSnapshot of snapshot.storage.k8s.io",
};

const filledFromHere: Validation = {
  expression: cel`
    variables.claims.all(claim, claim.spec.?dataSourceRef.?namespace.orValue(request.namespace) == request.namespace)
  `,
  message: "claims must be filled from their own namespace: remove dataSourceRef.namespace",
};

function ofClaims(classes: readonly string[], annotations: readonly string[]): Validation[] {
  const listed =
    classes.length === 0 ? "claim.spec.storageClassName != ''" : `claim.spec.storageClassName in ${celList(classes)}`;
  const which =
    classes.length === 0
      ? "remove storageClassName or name a class"
      : `set storageClassName to one of ${classes.join(", ")}`;
  return [
    {
      expression: cel`
        ${trusted}
        || (variables.isClaim && variables.isChange
          ? ${isUnchanged("spec.?volumeName")}
          : variables.claims.all(claim, claim.spec.?volumeName.orValue('') == '' && !has(claim.spec.selector)))
      `,
      message:
        "claims must not choose their volume, because it may be another tenant's: remove volumeName and selector, or ask the platform team to reserve a volume for the claim (claimRef)",
    },
    {
      expression: cel`
        ${trusted}
        || (variables.isClaim && variables.isChange && ${isUnchanged("spec.?storageClassName")})
        || variables.claims.all(claim, !has(claim.spec.storageClassName) || ${listed})
      `,
      message: `claims must have a storage class that the platform offers: ${which}, or ask the platform team (fleet:storageClasses)`,
    },
    filledFromHere,
    {
      expression: cel`
        (variables.isClaim && !variables.ownAccount)
        || variables.claims.all(
          claim,
          claim.?metadata.?annotations.orValue({}).all(
            key,
            !key.contains('/')
            || ${isListed(annotations)}
            || (variables.isChange && variables.isClaim
              && !${entryChanges(`oldObject.${annotationsField}`, "claim.metadata.annotations")})
          )
        )
      `,
      message:
        "claims must not have annotations that storage may obey, such as volume.beta.kubernetes.io/* and nfs.io/*: remove them, and set storageClassName instead; write notes without a prefix, or ask the platform team to allow them (fleet:allowedAnnotations)",
    },
  ];
}

/** The rule on claims that the cluster gave no class. It is the last, so that others name a wrong one first. */
function ofAnyClass(classes: readonly string[]): Validation {
  return {
    expression: cel`
      !variables.isClaim || variables.isChange || has(object.spec.storageClassName) || variables.platform
    `,
    message: `claims must have a storage class, because this cluster has no default one, and a claim without a class takes any volume without one: set storageClassName${classes.length === 0 ? "" : ` to one of ${classes.join(", ")}`}, or ask the platform team to mark a class as the default`,
  };
}
