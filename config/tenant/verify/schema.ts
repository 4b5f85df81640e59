import { z } from "zod";
import type { DeepReadonly } from "../../../lib/data/freeze.js";
import { readSigningKey } from "../../../lib/signing/signing-key.js";
import { choiceField, objectField, textField, violationCheck } from "../../rules/field.js";
import { dnsLabel } from "../../rules/names.js";
import { atMost, type Rule, ruleOf } from "../../rules/rule.js";

/** @see https://fluxcd.io/flux/components/source/gitrepositories/#verification */
const MODES = ["HEAD", "Tag", "TagAndHEAD"] as const;

const fix =
  "Write the content of a file like id_ed25519.pub, or the output of gpg --armor --export KEY, as it is, in a block after |";

/** A public key that verifies signatures. No pattern tells editors all of it. */
const signingKey: Rule = ruleOf({ pattern: "", maxLength: 65_536 }, atMost(65_536, fix), (value) => {
  const key = readSigningKey(value);
  return typeof key === "string" ? { message: key, fix } : undefined;
});

const keys = z
  .record(
    textField(dnsLabel, { description: "Name of the key, for people." }),
    textField(signingKey, { description: "The public key." }),
  )
  .superRefine(
    violationCheck((declared) => {
      if (Object.keys(declared).length > 0) return undefined;
      const message = "names no key, so Flux would refuse every commit";
      return { message, fix: "Add a key, or remove verify" };
    }),
  )
  .meta({
    description:
      "Public keys by name: of SSH, one line as in a file .pub, or of OpenPGP, an armored block. The signature of any one of them is enough.",
  });

/** The signatures that Flux demands of what a source follows, and the public keys that it verifies them with. */
export const verify = objectField(
  "Signatures that Flux demands: of a commit or tag without one it applies nothing, and the last revision keeps running. Default: none.",
  {
    mode: choiceField(MODES, {
      description: "The signed object: the commit, the tag that ref names, or both.",
    }).default("HEAD"),
    keys,
  },
);

/** See {@link verify}. */
export type Verify = DeepReadonly<z.output<typeof verify>>;
