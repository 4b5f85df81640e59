import type { Problem } from "../../../lib/diagnostics/problem.js";
import type { Path } from "../../../lib/diagnostics/zod-issues.js";
import { COMMON_OBJECT_PREFIX, PULL_SECRET_PREFIX } from "../../names.js";
import { type DeclaredTenant, having, problemAt, type TenantCheck, unknownName } from "../declared-tenant.js";
import { placedParts } from "../parts.js";
import type { TenantSpec } from "../schema.js";

/** A reference of a tenant file to a ConfigMap or Secret of a namespace. */
interface Reference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly place: Path;
}

/**
 * References to objects of the platform that the stack does not have. Their names are reserved, so the tenant cannot
 * create them either.
 */
export const commonObjectProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { commonConfigMaps, commonSecrets, pullSecrets } = settings.sound;
  if (commonConfigMaps === undefined || commonSecrets === undefined || pullSecrets === undefined) return [];
  return having(tenants, "pullSecrets", "helm", "imageAutomation", "sync", "syncs").flatMap((tenant) => {
    const pulling = { ...pullSecrets, ...tenant.spec.pullSecrets };
    const names = {
      ConfigMap: named(COMMON_OBJECT_PREFIX, commonConfigMaps),
      Secret: [...named(COMMON_OBJECT_PREFIX, commonSecrets), ...named(PULL_SECRET_PREFIX, pulling)],
    };
    const unknown = referencesOf(tenant.spec).filter(({ name }) => isOfPlatform(name));
    return [
      ...unknown.flatMap(({ kind, name, place }) => {
        const otherwise = `Add it to the settings of the stack, or name a ${kind} of the tenant's own`;
        const message = `is no ${kind} that the platform creates (Pulumi.${stack}.yaml)`;
        return unknownName(tenant, place, name, { known: names[kind], message, otherwise });
      }),
      ...indexCredentials(tenant),
    ];
  });
};

function isOfPlatform(name: string): boolean {
  return name.startsWith(COMMON_OBJECT_PREFIX) || name.startsWith(PULL_SECRET_PREFIX);
}

function named(prefix: string, objects: object): string[] {
  return Object.keys(objects).map((name) => prefix + name);
}

function referencesOf(tenant: Pick<TenantSpec, "helm" | "imageAutomation" | "syncs">): Reference[] {
  const { helm, imageAutomation, syncs } = tenant;
  const secret = (name: string | undefined, ...place: readonly PropertyKey[]): Reference[] =>
    name === undefined ? [] : [{ kind: "Secret", name, place }];
  return [
    ...Object.entries(helm).flatMap(([list, sources]) =>
      Object.entries(sources).flatMap(([name, source]) => secret(source.secret, "helm", list, name, "secret")),
    ),
    ...Object.entries(imageAutomation?.images ?? {}).flatMap(([name, image]) =>
      secret(image.secret, "imageAutomation", "images", name, "secret"),
    ),
    ...placedParts("sync", syncs).flatMap(({ place, substituteFrom, decryption }) => [
      ...substituteFrom.map(({ kind, name }, index) => ({
        kind,
        name,
        place: [...place, "substituteFrom", index, "name"],
      })),
      ...secret(decryption?.secret, ...place, "decryption", "secret"),
    ]),
  ];
}

/**
 * Pull Secrets for indexes of charts. Flux takes `username` and `password` there, and a pull Secret for OCI registries
 * only.
 * @see https://fluxcd.io/flux/components/source/helmrepositories/#secret-reference
 */
function indexCredentials(tenant: DeclaredTenant<"helm">): Problem[] {
  return Object.entries(tenant.spec.helm.repositories)
    .filter(([, { url, secret }]) => !url.startsWith("oci://") && secret?.startsWith(PULL_SECRET_PREFIX))
    .map(([name]) => {
      const message = "is a pull Secret, and a repository of charts with an https address takes username and password";
      const fix = "Name a Secret with these two entries, for instance one of fleet:commonSecrets";
      return problemAt(tenant, ["helm", "repositories", name, "secret"], message, fix);
    });
}
