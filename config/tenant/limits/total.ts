import { quantityAmount } from "../../../lib/kubernetes/quantity.js";
import { quantityRule } from "../../rules/amounts.js";
import { amountField, numberField, section } from "../../rules/field.js";
import { having, problemAt, type TenantCheck } from "../declared-tenant.js";

function amount(what: string, most: string, example: string) {
  const description = `Most ${what} that the limits of all namespaces may add up to. Default: no bound.`;
  return amountField(quantityRule("0", most, "an amount"), { description, examples: [example] }).exactOptional();
}

function count(what: string) {
  const description = `Most ${what} that the limits of all namespaces may add up to. Default: no bound.`;
  return numberField(0, 1_000_000, "a number of objects", description).exactOptional();
}

/**
 * The most that the limits of a tenant's namespaces may add up to. Kubernetes has no quota over several namespaces:
 * each namespace has its own, and none can ever use more than that. So the sum of them is the bound, whatever runs.
 */
export const totalLimits = section("Bound of the limits of all namespaces of the tenant together.", {
  cpu: amount("CPU", "10000", "32"),
  memory: amount("memory", "100Ti", "64Gi"),
  storage: amount("storage", "10Pi", "200Gi"),
  ephemeralStorage: amount("disk of the nodes", "10Pi", "80Gi"),
  pods: count("pods"),
  configMaps: count("ConfigMaps"),
  secrets: count("Secrets"),
  services: count("Services"),
  persistentVolumeClaims: count("persistent volume claims"),
  jobs: count("Jobs"),
  objects: count("objects of each other kind"),
  fluxObjects: count("objects of each of Flux's kinds"),
});

const bounded = Object.keys(totalLimits.unwrap().shape) as (keyof ReturnType<typeof totalLimits.parse>)[];

/** Tenants whose namespaces' limits come to more than their total. */
export const totalLimitProblems: TenantCheck = (tenants) =>
  having(tenants, "limits", "namespace", "namespaces", "totalLimits").flatMap((tenant) => {
    const { namespaces, totalLimits: totals } = tenant.spec;
    return bounded.flatMap((field) => {
      const total = totals[field];
      if (total === undefined) return [];
      const shares = namespaces.map(({ name, limits }) => ({ name, share: limits[field] }));
      const sum = shares.reduce((all, { share }) => all + quantityAmount(String(share)), 0);
      // 100m and 200m are a little more than 300m in binary fractions.
      if (sum <= quantityAmount(String(total)) * (1 + 1e-9)) return [];
      const list = shares.map(({ name, share }) => `${share} of ${name}`).join(" and ");
      const message = `is ${total}, and the limits of the namespaces of ${tenant.name} add up to more: ${list}`;
      const fix = `Lower limits.${field} of a namespace, choose a smaller size, or raise the total`;
      return [problemAt(tenant, ["totalLimits", field], message, fix)];
    });
  });
