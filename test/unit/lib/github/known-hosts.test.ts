import assert from "node:assert/strict";
import { knownHosts } from "../../../../lib/github/ssh.js";

const github = "git@github.com:acme/shop.git";

describe("knownHosts", () => {
  it("refuses to trust any server when GitHub lists no key", () => {
    assert.throws(() => knownHosts(github, []), /no SSH host key/);
  });

  it("puts the ECDSA key first, or Flux's first connection reports a mismatch", () => {
    const file = knownHosts(github, ["ssh-rsa CCC", "ssh-ed25519 BBB", "ecdsa-sha2-nistp256 AAA"]);
    assert.equal(file, "github.com ecdsa-sha2-nistp256 AAA\ngithub.com ssh-ed25519 BBB\ngithub.com ssh-rsa CCC\n");
  });

  it("names the port when it is not 22, or the key would be another server's", () => {
    assert.equal(
      knownHosts("ssh://git@127.0.0.1:2222/acme/shop.git", ["ssh-ed25519 AAA"]),
      "[127.0.0.1]:2222 ssh-ed25519 AAA\n",
    );
  });

  it("does not depend on the order in which GitHub lists keys, or every preview would show a change", () => {
    const keys = ["ssh-rsa CCC", "ssh-ed25519 BBB", "ecdsa-sha2-nistp256 AAA", "sk-future DDD"];
    assert.equal(knownHosts(github, keys), knownHosts(github, [...keys].reverse()));
  });

  it("names the host without a port when the URL names none, or 22", () => {
    for (const url of ["git@github.com:acme/shop.git", "ssh://git@github.com:22/acme/shop.git"])
      assert.equal(knownHosts(url, ["ssh-ed25519 AAA"]), "github.com ssh-ed25519 AAA\n");
  });

  it("names the URL's own port otherwise, of an address too", () => {
    assert.equal(knownHosts("ssh://git@[::1]:2222/acme/shop.git", ["ssh-ed25519 AAA"]), "[::1]:2222 ssh-ed25519 AAA\n");
  });
});
