import { patternRule, ruleOf } from "./rule.js";

const types = "ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)|ssh-rsa";

const example = "Write it like ssh-ed25519 AAAAC3Nza…: the type and the key, without host and comment";

/**
 * A public host key of an SSH server, as GitHub's meta endpoint lists it. The key repeats its type, so a cut or mixed-up
 * key shows.
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6
 */
export const sshHostKey = ruleOf(
  patternRule({
    pattern: `^(?:${types}) [A-Za-z0-9+/]{40,}={0,2}$`,
    maxLength: 2048,
    form: "a public host key: its type and its Base64 text",
    fix: example,
  }),
  (value) => {
    const [type = "", text = ""] = value.split(" ");
    const key = Buffer.from(text, "base64");
    const isWhole = key.length > 4 && key.subarray(4, 4 + key.readUInt32BE()).toString() === type;
    return isWhole ? undefined : { message: "is not a key of the type that it names", fix: example };
  },
);
