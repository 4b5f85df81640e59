import { COMMON_OBJECT_PREFIX } from "../../config/names.js";
import { fluxNotifications, kinds } from "../kinds.js";
import { cel, celString } from "./cel/cel.js";
import { type PolicyDefinition, resourceRules } from "./cel/policy.js";
import { kubernetes, platform } from "./cel/principals.js";

/**
 * Names of the platform's objects in tenants' namespaces, as patterns by resource: of objects that every tenant has, and
 * of those that a tenant file may ask for later. Names that a tenant file chooses itself, such as those of further
 * syncs, are not among them. Tenants' role has no quotas and limit ranges.
 */
export const RESERVED_NAMES = {
  configmaps: `${COMMON_OBJECT_PREFIX}.+`,
  secrets: "tenant-(git|notify|verify|webhook)(-.+)?|ci-robot(-.+)?",
  serviceaccounts: "reconciler|ci-robot",
  rolebindings: "reconciler|viewers|operators|canaries|addon-.+|ci-robot|role-.+",
  networkpolicies: "tenant|export-.+",
  gitrepositories: ".+-image-updates",
  providers: "tenant-notify-.+",
  alerts: "tenant-notify-.+",
  receivers: "tenant-webhook(-.+)?",
} as const;

/**
 * Names of common objects and pull Secrets, and those that are kept for later versions of the platform. Not all that
 * begin with `fleet-`: the charts of Elastic and Rancher have objects called `fleet-server` and `fleet-agent`.
 */
const kept = "fleet-(common|pull|platform)-.+";

const reserved = Object.entries(RESERVED_NAMES).map(
  ([resource, names]) => `${celString(resource)}: ${celString(`^(${names}|${kept})$`)}`,
);

/**
 * The policy on names that the platform needs. The first object of a name has it: a tenant's RoleBinding `viewers` or an
 * immutable Secret `tenant-git-write` would make every update of the stack fail from the day on which a tenant file asks
 * for these. Only new objects are checked, so that older ones can still be changed and removed.
 */
export const reservedNames: PolicyDefinition = {
  name: "fleet-reserved-names",
  resourceRules: resourceRules(
    [
      kinds("", "configmaps", "secrets", "serviceaccounts"),
      kinds("rbac.authorization.k8s.io", "rolebindings"),
      kinds("networking.k8s.io", "networkpolicies"),
      kinds("source.toolkit.fluxcd.io", "gitrepositories"),
      fluxNotifications,
    ],
    ["CREATE"],
  ),
  variables: { kubernetes, platform, reserved: `{${reserved.join(", ")}}` },
  validations: [
    {
      expression: cel`
        !object.metadata.?name.orValue('').matches(variables.reserved[request.resource.resource])
        || variables.kubernetes
        || variables.platform
      `,
      message:
        "this name is reserved for an object that the platform creates when a tenant file asks for it: set another metadata.name",
      messageExpression: cel`
        'the name ' + object.metadata.name + ' is reserved for an object that the platform creates when a tenant file '
        + 'asks for it: set another metadata.name'
      `,
    },
  ],
};
