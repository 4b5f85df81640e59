import assert from "node:assert/strict";
import { sshAddress } from "../../../../config/rules/ssh-address.js";
import { load, problemLines } from "../../../support/unit/checkout-tree.js";

describe("sshAddress", () => {
  const refused: readonly (readonly [string, string])[] = [
    ["an empty text", ""],
    ["a host without a port", "ssh.github.com"],
    ["a port alone", ":443"],
    ["the port 0", "ssh.github.com:0"],
    ["a port above the last one", "ssh.github.com:65536"],
    ["a user name", "git@ssh.github.com:443"],
    ["a scheme", "ssh://ssh.github.com:443"],
    ["a path", "ssh.github.com:443/acme"],
    ["capitals, which known_hosts would not match", "SSH.github.com:443"],
    ["a line break", "ssh.github.com:443\n"],
    ["GitHub's web server, which is another host", "github.com:443"],
  ];
  for (const [title, value] of refused) {
    it(`refuses ${title}`, () => {
      assert.ok(sshAddress.check(value));
    });
  }

  it("accepts GitHub's host for blocked networks, and other hosts and ports", () => {
    for (const value of ["ssh.github.com:443", "git:2222", "10.0.0.7:22", "git.example.com:65535"]) {
      assert.equal(sshAddress.check(value), undefined, value);
    }
  });

  it("stands in a setting, of which empty text is none", () => {
    const [line = ""] = problemLines({ config: { sshAddress: "ssh.github.com" } });
    assert.match(line, /fleet:sshAddress: is not a host in lower case and a port\. Write it like ssh\.github\.com:443/);
    assert.equal(load({ config: { sshAddress: "" } }).github.sshAddress, undefined);
    assert.equal(load({ config: { sshAddress: "ssh.github.com:443" } }).flux.sshAddress, "ssh.github.com:443");
  });
});
