import { patternRule, refuse, ruleOf } from "./rule.js";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

const fix = "Write it like ssh.github.com:443";

/**
 * Host and port of an SSH server.
 * @see https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
 */
export const sshAddress = ruleOf(
  patternRule({
    pattern: `^${label}(\\.${label})*:[1-9][0-9]{0,4}$`,
    maxLength: 259,
    form: "a host in lower case and a port",
    fix,
  }),
  (value) => (Number(value.replace(/^.*:/, "")) > 65_535 ? { message: "has a port above 65535", fix } : undefined),
  // GitHub answers SSH at this port of another host, and no SSH client gets an answer here.
  refuse(/^github\.com:443$/, "is GitHub's web server, which does not speak SSH", fix),
);
