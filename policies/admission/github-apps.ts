import { kinds } from "../kinds.js";
import { celList, isNewOrChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition } from "./cel/policy.js";

/** The key of a Secret with the address at which Flux's controllers ask for the token of a GitHub App. */
const key = "githubAppBaseURL";

/**
 * The policy on Secrets of GitHub Apps: source-controller and others ask for a token at the address in them, from
 * inside the cluster. It must be the API of the organisation's own GitHub. CEL of Kubernetes cannot decode a Secret, so
 * the policy compares the encoded texts.
 * @param host of GitHub's pages, with its port if it is not the usual one
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#github
 */
export function gitHubApps(host: string): PolicyDefinition {
  const addresses = apiAddresses(host);
  const encoded = addresses.flatMap((address) => [address, `${address}/`]).map((text) => btoa(text));
  return {
    name: "fleet-github-apps",
    resourceRules: createOrUpdate(kinds("", "secrets")),
    matchConditions: {
      "has-an-address-of-github": `'${key}' in object.?data.orValue({})`,
      "data-changes": isNewOrChanges("?data"),
    },
    validations: [
      {
        expression: `object.data['${key}'] in ${celList(encoded)}`,
        message: `Flux asks for tokens of a GitHub App from inside the cluster, at the organisation's GitHub only: remove ${key} from the Secret, or set it to ${addresses.join(" or ")}`,
      },
    ],
  };
}

/** The addresses of the API: github.com and data residency have a host for it, GitHub Enterprise Server has a path. */
function apiAddresses(host: string): string[] {
  return host === "github.com"
    ? ["https://api.github.com"]
    : [`https://${host}`, `https://${host}/api/v3`, `https://api.${host}`];
}
