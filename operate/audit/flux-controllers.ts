import { z } from "zod";
import { COMPONENT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import type { Subject } from "../access/bindings.js";
import { type AuditedCluster, type AuditedObject, objectsOf } from "./audited-cluster.js";

/** The controllers of Flux that an audit knows. */
export const controllerNames = [
  "kustomize-controller",
  "helm-controller",
  "source-controller",
  "notification-controller",
  "image-reflector-controller",
  "image-automation-controller",
] as const;
/** One of {@link controllerNames}. */
export type ControllerName = (typeof controllerNames)[number];

/** A controller of Flux as it runs. */
export interface FluxController {
  readonly component: ControllerName;
  /** Its Deployment. */
  readonly deployment: AuditedObject;
  readonly namespace: string;
  /** Name of its service account. */
  readonly account: string;
  /** Index of its container in the Deployment. */
  readonly container: number;
  readonly args: readonly string[];
}

const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        serviceAccountName: z.string().default("default"),
        containers: z.array(z.object({ name: z.string(), args: z.array(z.string()).default([]) })),
      }),
    }),
  }),
});

/**
 * The controllers of Flux. Anyone who may create a Deployment can give it their names and labels. Only an administrator can
 * bind rights in the whole cluster, so only accounts with such a binding count.
 */
export function fluxControllers(cluster: AuditedCluster): FluxController[] {
  return objectsOf(cluster, "Deployment").flatMap((one): FluxController[] => {
    const { name, namespace = "", labels } = one.object.metadata;
    const component = controllerNames.find((known) => known === (labels[COMPONENT_LABEL] ?? name));
    if (component === undefined) return [];
    const { serviceAccountName: account, containers } = deployment.parse(one.object).spec.template.spec;
    if (!isBound(cluster, namespace, account)) return [];
    const container = Math.max(
      0,
      containers.findIndex((each) => each.name === "manager"),
    );
    return [{ component, deployment: one, namespace, account, container, args: containers[container]?.args ?? [] }];
  });
}

function isBound(cluster: AuditedCluster, namespace: string, account: string): boolean {
  // The audit is incomplete without the bindings, and says so.
  if (cluster.ClusterRoleBinding === undefined) return true;
  return objectsOf(cluster, "ClusterRoleBinding").some(({ object }) => {
    return ((object.subjects ?? []) as readonly Subject[]).some((subject) => {
      if (subject.kind === "Group") return subject.name === `system:serviceaccounts:${namespace}`;
      return subject.kind === "ServiceAccount" && subject.namespace === namespace && subject.name === account;
    });
  });
}

/** The flag whose value is a text: `--default-service-account default`. Others are on without a value. */
const DEFAULT_ACCOUNT = "default-service-account";

/**
 * The value of a flag. The last one counts, as for pflag.
 * @returns undefined for a flag that is not there, or empty
 */
export function flagValue({ args }: Pick<FluxController, "args">, flag: string): string | undefined {
  const index = flagIndex(args, flag);
  const argument = args[index];
  if (argument === undefined) return undefined;
  const [, value] = /^--[^=]+=(.*)$/s.exec(argument) ?? [];
  const separate = flag === DEFAULT_ACCOUNT ? args[index + 1] : "true";
  return (value ?? separate) || undefined;
}

/** Index of a flag in the arguments of a controller; -1 without. */
export function flagIndex(args: readonly string[], flag: string): number {
  return args.findLastIndex((argument) => argument === `--${flag}` || argument.startsWith(`--${flag}=`));
}

/** Whether all controllers of a name have a flag on. False where there is none of this name. */
export function isFlagOn(controllers: readonly FluxController[], component: ControllerName, flag: string): boolean {
  const own = controllers.filter((one) => one.component === component);
  return own.length > 0 && own.every((one) => isOn(flagValue(one, flag)));
}

/** Whether the value of a flag is true, in one of the forms that Go reads. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && ["1", "t", "true"].includes(value.toLowerCase());
}

/** The account of syncs that name none, by the flag of all controllers of a name. Undefined without the flag. */
export function defaultAccount(controllers: readonly FluxController[], component: ControllerName): string | undefined {
  const own = controllers.filter((one) => one.component === component);
  const values = own.map((one) => flagValue(one, DEFAULT_ACCOUNT));
  return values.includes(undefined) ? undefined : values[0];
}
