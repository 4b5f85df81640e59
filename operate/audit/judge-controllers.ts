import { type AuditFinding, auditFinding, type Severity } from "./finding.js";
import { type ControllerName, type FluxController, flagIndex, flagValue, isOn } from "./flux-controllers.js";
import { jsonPatch } from "./patch.js";

/** A flag that keeps tenants apart. */
export interface LockdownFlag {
  readonly flag: string;
  /** Its value. @default - any account */
  readonly value: string;
  readonly isSet: (value: string | undefined) => boolean;
  readonly severity: Severity;
  readonly controllers: readonly ControllerName[];
  /** The consequence of its absence. */
  readonly detail: string;
}

/** @see https://fluxcd.io/flux/installation/configuration/multitenancy/ */
const lockdown: readonly LockdownFlag[] = [
  {
    flag: "default-service-account",
    value: "default",
    isSet: (value) => value !== undefined,
    severity: "high",
    controllers: ["kustomize-controller", "helm-controller"],
    detail: "a sync that names no service account is applied with the controller's own rights",
  },
  {
    flag: "no-cross-namespace-refs",
    value: "true",
    isSet: isOn,
    severity: "medium",
    controllers: [
      "kustomize-controller",
      "helm-controller",
      "notification-controller",
      "image-reflector-controller",
      "image-automation-controller",
    ],
    detail: "objects may refer to sources, policies and syncs of other namespaces",
  },
  {
    flag: "no-remote-bases",
    value: "true",
    isSet: isOn,
    severity: "medium",
    controllers: ["kustomize-controller"],
    detail: "a kustomization may read bases from any host, which no source verifies",
  },
];

/** The flags that keep tenants apart, and that a controller lacks. */
export function missingFlags(controller: FluxController): LockdownFlag[] {
  return lockdown.filter(({ flag, isSet, controllers }) => {
    return controllers.includes(controller.component) && !isSet(flagValue(controller, flag));
  });
}

/** Controllers without the flags that keep tenants apart. */
export function judgeControllers(controllers: readonly FluxController[]): AuditFinding[] {
  return controllers.flatMap((controller) =>
    missingFlags(controller).map(({ flag, value, severity, detail }) => {
      const fix = withFlag(controller, flag, value);
      return auditFinding("controller-flag", controller.deployment, { severity, detail: `--${flag}: ${detail}`, fix });
    }),
  );
}

/** A flag that is there with another value is replaced: the last one of several would win. */
function withFlag({ deployment, args, container }: FluxController, flag: string, value: string): string {
  const path = `/spec/template/spec/containers/${container}/args`;
  const argument = `--${flag}=${value}`;
  const index = flagIndex(args, flag);
  if (index >= 0) return jsonPatch(deployment, [{ op: "replace", path: `${path}/${index}`, value: argument }]);
  if (args.length === 0) return jsonPatch(deployment, [{ op: "add", path, value: [argument] }]);
  return jsonPatch(deployment, [{ op: "add", path: `${path}/-`, value: argument }]);
}
