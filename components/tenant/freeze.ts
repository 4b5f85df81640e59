import type { TenantSpec } from "../../config/tenant/schema.js";
import { FREEZE_REASON_ANNOTATION, FROZEN_UNTIL_ANNOTATION } from "../../lib/kubernetes/ownership-labels.js";

type Freeze = NonNullable<TenantSpec["syncs"][number]["freeze"]>;

/** The annotations of a frozen sync, and of each object that is suspended for it. */
export function freezeAnnotations({ until, reason }: Freeze): Readonly<Record<string, string>> {
  return { [FROZEN_UNTIL_ANNOTATION]: until, [FREEZE_REASON_ANNOTATION]: reason };
}

/** The metadata of an object that is suspended while a sync is frozen. @param freeze @default - the sync is not frozen */
export function frozenMetadata<Metadata extends object>(metadata: Metadata, freeze: Freeze | undefined) {
  return freeze === undefined ? metadata : { ...metadata, annotations: freezeAnnotations(freeze) };
}

/** An object of Flux that brings new versions to the cluster or to Git, suspended while a sync is frozen. */
export function frozenContent<Metadata extends object>(
  { metadata, spec }: { readonly metadata: Metadata; readonly spec: object },
  freeze: Freeze | undefined,
) {
  const suspended = freeze === undefined ? {} : { suspend: true };
  return { metadata: frozenMetadata(metadata, freeze), spec: { ...spec, ...suspended } };
}
