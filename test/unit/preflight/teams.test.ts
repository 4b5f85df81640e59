import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locate } from "../../../config/files/location.js";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import type { ExistingGitHub } from "../../../lib/github/existing.js";
import { teamDescription } from "../../../lib/github/team.js";
import { emptyState } from "../../../lib/state/stack-state.js";
import { findConflicts } from "../../../preflight/conflicts.js";
import { listTeams } from "../../../preflight/github.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

type Teams = ExistingGitHub["teams"];

const team = { name: "payments", existing: false, members: [], maintainers: [] };
const spec = fleetSpec({ tenants: [tenantSpec("team-a", { team })] });
const looked = fleetSpec({ tenants: [tenantSpec("team-a", { team: { ...team, existing: true } })] });
const found = (description: string) => new Map([["payments", { id: 7, slug: "payments", description }]]);
const locate: Locate = (tenant, place) => ({ file: `${tenant}.yaml`, line: 4, path: place.join(".") });
const problemsOf = (teams: Teams, of: FleetSpec) => findConflicts(of, { teams }, locate);
const messages = (teams: Teams, of: FleetSpec) => problemsOf(teams, of).map(({ message }) => message);

describe("findConflicts of teams", () => {
  it("refuses by name a team that somebody else made: its members would get somebody else's rights", () => {
    const [problem, ...others] = problemsOf(found("We pay"), spec);
    assert.deepEqual(others, []);
    assert.equal(`${problem?.file}:${problem?.line} ${problem?.path}`, "team-a.yaml:4 team.name");
    assert.match(
      problem?.message ?? "",
      /^the team acme\/payments exists, but fleet does not manage it: .*"\(managed by fleet\)"$/,
    );
  });

  it("refuses a team of another tenant, whose removal would take it away", () => {
    assert.match(messages(found(teamDescription("team-z")), spec)[0] ?? "", /belongs to the tenant team-z$/);
  });

  it("refuses by name a team that should be there and is not", () => {
    assert.match(messages(new Map(), looked)[0] ?? "", /^the team acme\/payments does not exist/);
  });

  it("takes over a team with our mark, so that a lost state ends in the same place", () => {
    const adopting = { ...spec, adopt: { repositories: [], teams: ["payments"] } };
    assert.deepEqual(messages(found(teamDescription("team-a")), adopting), []);
    assert.deepEqual(messages(found("Handed over (managed by fleet)"), adopting), []);
    assert.deepEqual(messages(new Map(), spec), []);
    assert.deepEqual(messages(found("We pay"), looked), []);
  });

  it("refuses to take over a team by its description alone, which its maintainers write", () => {
    const [message] = messages(found(teamDescription("team-a")), spec);
    assert.match(String(message), /team acme\/payments exists and is not in the stack's state/);
  });

  it("refuses another team of the same address than the one in the state", () => {
    const teams = new Map([
      ["payments", { id: 8, slug: "payments", description: teamDescription("team-a"), nodeId: "T_8" }],
    ]);
    const stated = { ...emptyState, teams: new Map([["payments", "T_7"]]) };
    const [problem] = findConflicts(spec, { teams, stated }, locate);
    assert.match(problem?.message ?? "", /is another team than the one in the stack's state/);
    const same = { ...emptyState, teams: new Map([["payments", "T_8"]]) };
    assert.deepEqual(findConflicts(spec, { teams, stated: same }, locate), []);
  });

  it("finds no problem on a stack that gives no rights on repositories", () => {
    const github = { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: false };
    assert.deepEqual(messages(new Map(), { ...looked, github }), []);
  });
});

describe("listTeams", () => {
  let server: Server;
  let asked = 0;
  before(async () => {
    server = createServer((_, response) => {
      asked += 1;
      response.writeHead(403, { "content-type": "application/json" }).end('{"message":"no"}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  const list = (of: FleetSpec) => {
    const { port } = server.address() as AddressInfo;
    return listTeams(of, { GITHUB_TOKEN: "made-up", GITHUB_BASE_URL: `http://127.0.0.1:${port}/` });
  };

  it("asks GitHub nothing when no tenant has a team, or another stack manages them", async () => {
    assert.equal((await list(fleetSpec({ tenants: [tenantSpec("team-a")] }))).size, 0);
    assert.equal((await list({ ...spec, github: { ...spec.github, ownsRepositories: false } })).size, 0);
    assert.equal(asked, 0);
  });

  it("names the organisation and the right that is missing when GitHub refuses", async () => {
    await assert.rejects(list(spec), (error: unknown) => {
      assert.ok(error instanceof FleetError);
      assert.match(error.message, /GITHUB_TOKEN: GitHub did not list the teams of acme: .*admin:org/);
      return true;
    });
  });
});
