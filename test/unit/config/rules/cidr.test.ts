import assert from "node:assert/strict";
import fc from "fast-check";
import { contains, egressCidr, exceptions } from "../../../../config/rules/cidr.js";

describe("egressCidr refuses", () => {
  for (const text of [
    "",
    "10.0.0.1",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "010.0.0.0/8",
    "::/129",
    "fe80::1%eth0/64",
    "x/8",
  ]) {
    it(`${JSON.stringify(text)}, which is no block of addresses`, () => {
      assert.match(egressCidr.check(text)?.message ?? "", /is not a CIDR/);
    });
  }

  for (const [text, canonical] of [
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["2001:DB8::/32", "2001:db8::/32"],
    ["2001:db8:0:0::1/64", "2001:db8::/64"],
  ] as const) {
    it(`${text}, and writes it as Kubernetes does`, () => {
      assert.equal(egressCidr.check(text)?.fix, `Write ${canonical}`);
      assert.equal(egressCidr.check(canonical), undefined);
    });
  }

  for (const text of [
    "0.0.0.0/32",
    "127.0.0.1/32",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "169.254.169.254/32",
    "168.63.129.16/32",
    "100.100.100.200/32",
    "192.0.0.192/32",
    "255.255.255.255/32",
    "::1/128",
    "::/128",
    "::ffff:a9fe:a9fe/128",
    "64:ff9b::a9fe:a9fe/128",
    "fd00:ec2::254/128",
    "fd20:ce::254/128",
    "fd00:c1::a9fe:a9fe/128",
    "fd00:42::42/128",
    "::a9fe:a9fe/128",
    "::ffff:0:a9fe:a9fe/128",
    "64:ff9b:1::a9fe:a9fe/128",
    "64:ff9b::/96",
    "2001:0:a9fe::/48",
    "2002:a9fe:a9fe::/48",
    "2002::/16",
    "192.88.99.1/32",
    "fe80::/64",
    "ff02::1/128",
  ]) {
    it(`${text}, which leads to the node or its credentials`, () => {
      assert.match(egressCidr.check(text)?.message ?? "", /^is within /);
    });
  }
});

describe("exceptions", () => {
  const dangerous = [
    "169.254.169.254/32",
    "127.0.0.1/32",
    "168.63.129.16/32",
    "100.100.100.200/32",
    "fd00:ec2::254/128",
    "fd20:ce::254/128",
    "2002:a9fe:a9fe::1/128",
    "64:ff9b::a9fe:a9fe/128",
    "64:ff9b:1::a9fe:a9fe/128",
    "2001:0:a9fe:a9fe::/128",
    "fe80::1/128",
    "::1/128",
    "::ffff:a9fe:a9fe/128",
  ];

  const block = fc
    .oneof(
      fc.tuple(fc.constant(4 as const), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.constant(6 as const), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.integer({ min: 0, max: 128 })),
    )
    .map(([version, address, length]) => {
      const size = version === 4 ? 8 : 16;
      const parts = Array.from({ length: version === 4 ? 4 : 8 }, (_, index) =>
        BigInt.asUintN(size, address >> BigInt(size * index)),
      );
      const text = version === 4 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
      const violation = egressCidr.check(`${text}/${length}`);
      return violation?.fix?.startsWith("Write ") ? violation.fix.slice("Write ".length) : `${text}/${length}`;
    });

  it("never leave open what no tenant may reach, whatever block is allowed", () => {
    const around = fc
      .tuple(fc.constantFrom(...dangerous), fc.integer({ min: 0, max: 128 }))
      .map(([address, length]) => {
        const [text = "", most = "0"] = address.split("/");
        const written = `${text}/${Math.min(length, Number(most))}`;
        const fix = egressCidr.check(written)?.fix;
        return fix?.startsWith("Write ") ? fix.slice("Write ".length) : written;
      });
    fc.assert(
      fc.property(fc.oneof(block, around), (cidr) => {
        if (egressCidr.check(cidr) !== undefined) return;
        const except = exceptions(cidr);
        for (const address of dangerous.filter((one) => contains(cidr, one))) {
          assert.ok(
            except.some((one) => contains(one, address)),
            `${cidr} opens ${address}`,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are strictly within the block, as Kubernetes demands, and none within another", () => {
    fc.assert(
      fc.property(block, (cidr) => {
        const except = exceptions(cidr);
        for (const one of except) {
          assert.ok(one !== cidr && contains(cidr, one));
          assert.ok(!except.some((other) => other !== one && contains(other, one)));
        }
      }),
    );
  });

  it("keep the Internet from being the company's own network", () => {
    assert.deepEqual(exceptions("0.0.0.0/0"), [
      "10.0.0.0/8",
      "100.64.0.0/10",
      "172.16.0.0/12",
      "192.168.0.0/16",
      "0.0.0.0/8",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "168.63.129.16/32",
      "192.0.0.0/24",
      "192.88.99.0/24",
      "224.0.0.0/3",
    ]);
    assert.ok(exceptions("::/0").includes("fc00::/7"));
  });

  it("leave a private block open that is named", () => {
    assert.deepEqual(exceptions("10.0.0.0/8"), []);
    assert.deepEqual(exceptions("10.20.0.0/16"), []);
    assert.deepEqual(exceptions("100.64.0.0/10"), ["100.100.100.200/32"]);
  });
});
