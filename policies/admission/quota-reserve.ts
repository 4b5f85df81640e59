import { MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { QUOTA_RESERVE, QUOTA_RESERVE_ANNOTATION, reservedKinds } from "../quotas.js";
import { cel } from "./cel/cel.js";
import { type PolicyDefinition, resourceRules } from "./cel/policy.js";
import { flux, kubernetes, platform } from "./cel/principals.js";

/**
 * The policy that keeps a part of each quota free for the platform. Quotas count the objects of every author: in a
 * namespace whose quota is full, the platform could create none of what a tenant file asks for, and every update of the
 * stack would fail. The policy reads the count in the status of the quota. Many requests at the same moment can pass
 * before the status shows them, so the reserve bounds mistakes, and not malice.
 * @param commonConfigMaps whether tenants' namespaces have ConfigMaps of the platform
 */
export function quotaReserve(commonConfigMaps: boolean): PolicyDefinition {
  return {
    name: "fleet-quota-reserve",
    resourceRules: resourceRules(reservedKinds(commonConfigMaps), ["CREATE"]),
    params: { apiVersion: "v1", kind: "ResourceQuota", matchLabels: { [MANAGED_BY_LABEL]: MANAGED_BY } },
    variables: {
      kubernetes,
      flux,
      platform,
      counted: cel`
      'count/' + request.resource.resource
      + (request.resource.group == '' ? '' : '.' + request.resource.group)
    `,
      hard: "params.?status.?hard[?variables.counted].orValue('')",
      reserve: `int(params.metadata.?annotations[?'${QUOTA_RESERVE_ANNOTATION}'].orValue('0'))`,
      used: "params.?status.?used[?variables.counted].orValue('0')",
    },
    validations: [
      {
        expression: cel`
        variables.hard == ''
        || quantity(variables.used).isLessThan(quantity(variables.hard).sub(variables.reserve))
        || variables.kubernetes
        || variables.flux
        || variables.platform
      `,
        message: `the namespace has as many objects of this kind as it may have, and the last ${QUOTA_RESERVE} of the quota are the platform's: remove some, or ask the platform team for a larger limits.size`,
        messageExpression: cel`
        'exceeded quota: ' + params.metadata.name + ', of which the last ' + string(variables.reserve) + ' are the platform\'s: '
        + variables.counted + ', used: ' + variables.used + ', limited: ' + variables.hard
        + '; remove some, or ask the platform team for a larger limits.size'
      `,
      },
    ],
  };
}
