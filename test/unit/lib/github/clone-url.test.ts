import assert from "node:assert/strict";
import fc from "fast-check";
import { sshUrl } from "../../../../lib/github/ssh.js";

describe("sshUrl", () => {
  for (const wrong of [
    "https://github.com/acme/shop.git",
    "http://127.0.0.1:3000/acme/shop.git",
    "git://github.com/acme/shop.git",
    "ssh://github.com/acme/shop.git",
    "/srv/shop.git",
    "",
  ]) {
    it(`refuses "${wrong}", which no deploy key opens`, () => {
      assert.throws(() => sshUrl(wrong), /clone URL/);
    });
  }

  it("turns the scp-like form into a URL, because source-controller takes URLs only", () => {
    assert.equal(sshUrl("git@github.com:acme/shop.git"), "ssh://git@github.com/acme/shop.git");
  });

  it("keeps a URL with a port as it is", () => {
    assert.equal(sshUrl("ssh://git@127.0.0.1:2222/acme/shop.git"), "ssh://git@127.0.0.1:2222/acme/shop.git");
  });

  it("takes another host and port, whatever those of the URL", () => {
    for (const url of ["git@github.com:acme/shop.git", "ssh://git@127.0.0.1:2222/acme/shop.git"]) {
      assert.equal(sshUrl(url, "ssh.github.com:443"), "ssh://git@ssh.github.com:443/acme/shop.git");
    }
    assert.throws(() => sshUrl("https://github.com/acme/shop.git", "ssh.github.com:443"), /clone URL/);
  });

  it("is stable: converting twice changes nothing, whatever owner and name", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/);
    fc.assert(
      fc.property(name, name, (owner, repository) => {
        const url = sshUrl(`git@github.example.com:${owner}/${repository}.git`);
        assert.equal(sshUrl(url), url);
        assert.equal(new URL(url).pathname, `/${owner}/${repository}.git`);
      }),
    );
  });
});
