import assert from "node:assert/strict";
import { EngineCheckout } from "../../../support/unit/engine-checkout.js";
import { runFleet } from "../../../support/unit/run-fleet.js";

const day = 24 * 60 * 60 * 1000;
const urnOf = (name: string) => `urn:pulumi:staging::fleet::tls:index/privateKey:PrivateKey::${name}`;

/** Prints the state for `stack export`. Of every other command it notes the arguments, and ends as the variable says. */
const engine = `#!/bin/sh
if [ "$1" = stack ]; then
  if [ -f state.json ]; then cat state.json; exit 0; fi
  echo "error: no stack named 'staging' found" >&2; exit 255
fi
printf '%s\\n' "$@" > "$NOTES"
exit "$EXIT_CODE"
`;

/** A state with one key for each tenant, of these ages in days. */
function stateWith(ages: Readonly<Record<string, number>>, isFormer = false): string {
  const resources = Object.entries(ages).flatMap(([name, age]) => {
    const component = `urn:pulumi:staging::fleet::fleet:tenant:Tenant::${name}`;
    const created = new Date(Date.now() - age * day - 1000).toISOString();
    const pair = { urn: urnOf(name), type: "tls:index/privateKey:PrivateKey", parent: component, created };
    return [{ urn: component, type: "fleet:tenant:Tenant" }, pair, ...(isFormer ? [{ ...pair, delete: true }] : [])];
  });
  return JSON.stringify({ deployment: { resources } });
}

describe("fleet tenant rotate-keys", () => {
  let checkout: EngineCheckout;
  beforeEach(() => {
    checkout = new EngineCheckout({ pulumi: engine });
    checkout.write({ "state.json": stateWith({ "team-a": 100, "team-b": 3 }) });
  });
  afterEach(() => checkout.end());

  const rotate = (...args: readonly string[]) => runFleet(checkout.root, "tenant", "rotate-keys", ...args);

  for (const [args, message] of [
    [["team-a"], /required option '--stack <stack>' not specified/],
    [["--stack", "staging"], /name a tenant, or --all/],
    [["team-a", "--all", "--stack", "staging"], /name a tenant, or --all/],
    [["team-a", "--stack", "stagin"], /there is no stack "stagin"\. Did you mean staging\?/],
    [["team-aa", "--stack", "staging"], /no deploy key of "team-aa"\. Did you mean team-a or team-b\?/],
    [["--all", "--stack", "staging", "--older-than", "90"], /It must be a number of days, such as 90d/],
    [["--all", "--stack", "staging", "--older-than", "-1d"], /It must be a number of days|argument missing/],
  ] as const) {
    it(`starts no update for: ${args.join(" ")}`, async () => {
      const { code, err } = await rotate(...args);
      assert.equal(code, 2);
      assert.match(err, message);
      assert.deepEqual(checkout.noted(), []);
    });
  }

  it("could not look where the backend does not give the state", async () => {
    checkout.write({ "bin/pulumi": engine.replace("-f state.json", "-f none") });
    const { code, err } = await rotate("--all", "--stack", "staging");
    assert.equal(code, 3);
    assert.match(err, /state of staging.*cannot be read: no stack named 'staging' found\. Log in to the backend/);
    assert.deepEqual(checkout.noted(), []);
  });

  it("names the error of the backend, and no warning before it", async () => {
    const warning = `warning: A new version of Pulumi is available" >&2; echo "error: no stack`;
    checkout.write({ "bin/pulumi": engine.replace("-f state.json", "-f none").replace("error: no stack", warning) });
    const { code, err } = await rotate("--all", "--stack", "staging");
    assert.equal(code, 3);
    assert.match(err, /cannot be read: no stack named 'staging' found\. Log in/);
  });

  it("prints the keys only, with --dry-run, and updates nothing where all keys are young", async () => {
    const dry = await rotate("--all", "--stack", "staging", "--dry-run");
    assert.deepEqual([dry.code, dry.out.split("\n").length], [0, 4]);
    assert.match(dry.out, /100 days old {2}to be replaced\n.* 3 days old {2}to be replaced\n/);
    const young = await rotate("team-b", "--stack", "staging", "--older-than", "90d");
    assert.equal(young.code, 0);
    assert.match(young.out, /3 days old {2}stays\nNo key is to be replaced\.\n$/);
    assert.deepEqual(checkout.noted(), []);
  });

  it("replaces the old keys by one update of the stack", async () => {
    assert.equal((await rotate("--all", "--stack", "staging", "--older-than", "90d", "--yes")).code, 0);
    const options = ["up", "--stack", "staging", "--replace", urnOf("team-a"), "--yes", "--skip-preview"];
    assert.deepEqual(checkout.noted(), options);
    assert.equal((await rotate("team-b", "--stack", "staging")).code, 0);
    assert.deepEqual(checkout.noted(), ["up", "--stack", "staging", "--replace", urnOf("team-b")]);
  });

  it("finishes a rotation that was ended, and makes no further key", async () => {
    checkout.write({ "state.json": stateWith({ "team-a": 0 }, true) });
    const { code, out } = await rotate("--all", "--stack", "staging", "--older-than", "90d", "--yes");
    assert.equal(code, 0);
    assert.match(out, /An earlier rotation has not removed the former keys yet/);
    assert.deepEqual(checkout.noted(), ["up", "--stack", "staging", "--yes", "--skip-preview"]);
  });

  it("says how to go on when the engine fails, as with a state that another run has locked", async () => {
    process.env.EXIT_CODE = "255";
    const { code, err } = await rotate("team-a", "--stack", "staging", "--yes");
    assert.equal(code, 1);
    assert.match(err, /pulumi up failed \(exit code 255\)\.\nWhat to do: mend the cause, and run the command again/);
  });
});
