import { KNOWN_ADDONS, meantAddon } from "../../addons/known-addons.js";
import { offeredNames } from "../../addons/offered-addons.js";
import { having, otherName, problemAt, type TenantCheck } from "../declared-tenant.js";

/** Words that people use for an add-on with another name. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ["certificates", "cert-manager"],
  ["canaries", "flagger"],
  ["gateway", "gateway-api"],
  ["prometheus", "prometheus-operator"],
]);

/** Tenants that ask for an add-on that the stack does not offer, or that does not exist. */
export const addonProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { addons, offers } = settings.sound;
  if (addons === undefined || offers === undefined) return [];
  const offered = offeredNames({ addons, offers });
  const file = `Pulumi.${stack}.yaml`;
  return having(tenants, "addons", "progressiveDelivery").flatMap((tenant) => {
    const { progressiveDelivery, addons: asked } = tenant.spec;
    const former = progressiveDelivery && !offered.includes("flagger");
    const fix = "Write false in the overlay, or have the platform team install Flagger and offer it";
    const message = `is for stacks that have Flagger, and fleet:addons of ${file} does not offer it`;
    return [
      ...(former ? [problemAt(tenant, ["progressiveDelivery"], message, fix)] : []),
      ...asked.flatMap((name, index) => {
        const meant = meantAddon(name, offered);
        if (offered.includes(meant)) return [];
        return [problemAt(tenant, ["addons", index], ...faultOf(name, meant, { offered, file }))];
      }),
    ];
  });
};

interface Offered {
  readonly offered: readonly string[];
  readonly file: string;
}

function faultOf(name: string, meant: string, { offered, file }: Offered): readonly [message: string, fix: string] {
  const quoted = `${JSON.stringify(name)}${meant === name ? "" : `, which is ${meant},`}`;
  if (KNOWN_ADDONS.has(meant)) {
    const fix = "Leave it out in the overlay, or have the platform team install it and offer it";
    return [`${quoted} is not offered by this stack: fleet:addons of ${file} does not have it`, fix];
  }
  const [other, known] = [OTHER_WORDS.get(name), [...new Set([...offered, ...KNOWN_ADDONS.keys()])]];
  const otherwise = offered.length === 0 ? `${file} offers none` : `Name one of: ${offered.join(", ")}`;
  const fix = other === undefined ? otherName(name, known, otherwise) : `Did you mean ${other}?`;
  return [`${quoted} is no add-on: neither the project nor fleet:addons of ${file} defines it`, fix];
}
