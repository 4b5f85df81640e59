import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { addWaitCommand } from "../../../cli/commands/wait.js";
import { nextProof } from "../../../promotion/proof.js";
import { EngineCheckout } from "../../support/unit/engine-checkout.js";
import { enginePreview } from "../../support/unit/engine-preview.js";
import { root } from "../../support/unit/fleet.js";
import { type CommandResult, runFleet, runFleetWith } from "../../support/unit/run-fleet.js";
import { specifiersOf } from "../repository/specifiers.js";

/** The engine's refusal: Pulumi 3.276.0, with the state in a folder. */
const refusal =
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \\`pulumi cancel\\`.";

/**
 * An engine whose stack is locked by another run. As the real one, it still prints the state, its outputs and previews, and
 * refuses every update before its first request.
 */
const engine = `#!/bin/sh
echo "$*" >> "$NOTES"
case "$1 $2" in
"stack export") cat state.json ;;
"stack output") cat outputs.json ;;
"preview "*) cat preview.json ;;
*)
  # Without this option, the streams are those of the tests.
  case "$*" in *--non-interactive*) echo "${refusal}" >&2 ;; esac
  exit 255 ;;
esac
`;

const component = "urn:pulumi:staging::fleet::fleet:tenant:Tenant::team-a";
const resources = [
  { urn: component, type: "fleet:tenant:Tenant" },
  {
    urn: "urn:pulumi:staging::fleet::tls:index/privateKey:PrivateKey::team-a",
    type: "tls:index/privateKey:PrivateKey",
    parent: component,
  },
];
const part = { kind: "tenant", name: "team-a", value: "1", file: "", path: "" } as const;
const proved = nextProof({ before: undefined, content: [part], now: 0 });

describe("a state that another run has locked", () => {
  let checkout: EngineCheckout;
  beforeEach(() => {
    checkout = new EngineCheckout({ pulumi: engine, git: "#!/bin/sh\nexit 128\n" });
    checkout.write({
      "state.json": JSON.stringify({ deployment: { resources } }),
      "outputs.json": JSON.stringify({ proved }),
      "preview.json": JSON.stringify(enginePreview([])),
    });
  });
  afterEach(() => checkout.end());

  const fleet = (...args: readonly string[]) => runFleet(checkout.root, ...args);
  /** `fleet wait` on a cluster that is Ready, with the real engine's place taken as for the other commands. */
  const wait = (): Promise<CommandResult> => {
    const revision = `main@sha1:${"a".repeat(40)}`;
    const look = async () => [{ name: "platform", revision, notReady: [] }];
    const use = { connect: async () => look, outputs: async () => ({ outputs: { proved } }) };
    return runFleetWith((program, streams) => addWaitCommand(program, streams, checkout.root, use), "wait", "staging");
  };

  for (const [name, run, words] of [
    [
      "tenant rotate-keys",
      () => fleet("tenant", "rotate-keys", "team-a", "--stack", "staging", "--yes"),
      /^pulumi up failed \(exit code 255\)\.\nWhat to do: mend the cause, and run the command again/,
    ],
    [
      "up",
      () => fleet("up", "staging", "--tenant", "team-a", "--yes"),
      /^pulumi up failed \(exit code 255\): its own words are above\.\nWhat to do: correct what it names/,
    ],
    ["wait", wait, /^The record failed: pulumi up said:\nerror: the stack is currently locked by 1 lock\(s\)/],
  ] as const) {
    it(`ends ${name} with code 1 after one update that the engine refused`, async () => {
      const { code, err } = await run();
      assert.deepEqual([code, checkout.noted().filter((line) => line.startsWith("up ")).length], [1, 1], err);
      assert.match(err, words);
    });
  }

  for (const [args, code] of [
    ["tenant rotate-keys team-a --stack staging --dry-run", 0],
    ["diff --live staging", 0],
  ] as const) {
    it(`does not hold back ${args}, which only reads`, async () => {
      const result = await fleet(...args.split(" "));
      assert.equal(result.code, code, result.err);
      assert.ok(!checkout.noted().some((line) => line.startsWith("up ")));
      assert.ok(checkout.noted().length > 0, "the engine was not asked");
    });
  }

  it("holds back no other command: these three alone start updates", () => {
    const commands = readdirSync(join(root, "cli/commands")).map(
      (file) => [file, reachedFrom(`cli/commands/${file}`)] as const,
    );
    const starting = (pattern: RegExp) => {
      const isStarting = (file: string) => pattern.test(readFileSync(join(root, file), "utf8"));
      const starters = new Set([...importedBy.keys()].filter(isStarting));
      return commands.flatMap(([file, reached]) =>
        [...starters].some((one) => reached.has(one)) ? [basename(file, ".ts")] : [],
      );
    };
    const asking = ["clean", "diff", "doctor", "promote", "stack", "tenant", "up", "wait"];
    assert.deepEqual(starting(/\b(?:execa|run|spawn)\("pulumi"/), asking);
    assert.deepEqual(starting(/\["up", |\? "preview" : "up"/), ["tenant", "up", "wait"]);
  });
});

/** The files of this project that a file imports. Each file is read once. */
const importedBy = new Map<string, readonly string[]>();

function importsOf(file: string): readonly string[] {
  const known = importedBy.get(file);
  if (known !== undefined) return known;
  const paths = specifiersOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => join(dirname(file), specifier))
    .map((path) => [".ts", ".tsx"].map((end) => path.replace(/\.js$/, end)).find(isThere) ?? path);
  importedBy.set(file, paths);
  return paths;
}

const isThere = (file: string) => existsSync(join(root, file));

/** The files that a file imports, itself included, and those that they import. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const path of importsOf(file)) reachedFrom(path, reached);
  return reached;
}
