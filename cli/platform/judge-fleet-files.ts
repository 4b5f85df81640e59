import type { FleetSpec } from "../../config/fleet-spec.js";
import { clusterFolder } from "../../config/platform/checks.js";
import type { Files } from "../../config/platform/kustomize-build.js";
import { isPlainObject } from "../../lib/data/merge.js";
import { formatPath } from "../../lib/diagnostics/zod-issues.js";
import {
  type BuiltObject,
  type BuiltPlatform,
  type Fault,
  objectId,
  textOf,
} from "../../review/platform/built-platform.js";
import { judgePlatform } from "../../review/platform/judge-platform.js";
import type { RuleFinding } from "../../review/rules/judge.js";
import type { Waiver } from "../../review/rules/waivers.js";
import { buildStack } from "./build-stack.js";
import type { FluxSchemas } from "./flux-schemas.js";
import type { KustomizeProgram } from "./kustomize-program.js";

/** The means and the data of a judgement of `fleet/` for one stack. */
export interface JudgeFleetFilesArgs {
  /** Files of `fleet/` by path. */
  readonly files: Files;
  readonly spec: FleetSpec;
  /** @default - nothing is built: the objects are those of the files, without the changes of kustomizations */
  readonly program: KustomizeProgram | undefined;
  /** @default - the form of Flux's objects is not judged */
  readonly schemas: FluxSchemas | undefined;
  readonly waivers: readonly Waiver[];
  /** The day of the judgement, `2027-03-31`. */
  readonly today: string;
}

/** Judges what the platform's syncs apply on the cluster of a stack by all rules of the platform. */
export async function judgeFleetFiles(args: JudgeFleetFilesArgs): Promise<RuleFinding[]> {
  const { files, spec, program, schemas } = args;
  const { stack, tenants } = spec;
  const build = await buildStack(files, spec, program);
  const built: BuiltPlatform = {
    stack,
    root: clusterFolder(stack),
    tenantNamespaces: new Set(tenants.flatMap(({ namespaces }) => namespaces.map(({ name }) => name))),
    schemaFaults: schemas === undefined ? [] : build.objects.flatMap((object) => schemaFaults(object, schemas)),
    files,
    objects: build.objects,
    buildFaults: [...build.buildFaults, ...build.objects.flatMap(hiddenKind)],
  };
  return judgePlatform(built, args);
}

/** An object that a rule may not know for what it is, because a variable without a known value decides. */
function hiddenKind(object: BuiltObject): Fault[] {
  return [["apiVersion"], ["kind"], ["metadata", "namespace"]]
    .filter((field) => textOf(object, ...field).includes("${"))
    .map((field) => {
      const message = `${objectId(object)} has a variable in ${field.join(".")} whose value is not known, so no rule can judge it`;
      return { resource: objectId(object), place: object.placeOf(field), message };
    });
}

function schemaFaults(object: BuiltObject, schemas: FluxSchemas): Fault[] {
  const id = objectId(object);
  return isPlainObject(object.data)
    ? schemas.faultsOf(object.data).map(({ path, message }) => {
        const field = formatPath(path);
        return {
          resource: id,
          place: object.placeOf(path),
          message: `${field === "" ? id : `${field} of ${id}`} ${message}`,
        };
      })
    : [];
}
