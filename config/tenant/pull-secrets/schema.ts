import { z } from "zod";
import { mapField, textField } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/** Host of a registry as references to images have it: with a dot, a port, or both, so that no name is taken for one. */
const registry = patternRule({
  pattern: `^(${label}(\\.${label})+(:[0-9]{1,5})?|${label}:[0-9]{1,5})$`,
  maxLength: 253,
  form: "a registry: a host in lower case with a dot or a port, without path",
  fix: "Write it like ghcr.io, docker.io or registry.example.com:5000",
});

/** A colon ends the user name (RFC 7617). */
const username = patternRule({
  pattern: "^[^:\\s\\p{Cc}]+$",
  maxLength: 255,
  form: "a user name of a registry: no spaces and no colons",
  fix: "Write it as the registry shows it",
});

/** The fields of a credential for a registry, without the password. */
export const pullSecretFields = {
  registry: textField(registry, { description: "Host of the registry.", examples: ["registry.example.com"] }),
  username: textField(username, { description: "Name of the account at the registry.", examples: ["team-payments"] }),
};

/** A tenant's credentials for registries, by name. */
export const pullSecrets = mapField(
  textField(dnsLabel, { description: "Name of the credential." }),
  z.strictObject({
    ...pullSecretFields,
    secret: textField(dnsLabel, {
      description: "Name of a secret of this tenant in fleet:secrets: the password or token.",
    }),
  }),
  {
    description:
      "Credentials for registries, by name. Each namespace of the tenant gets a Secret fleet-pull-NAME, instead of that of fleet:pullSecrets with the same name. Default: none.",
  },
).default({});
