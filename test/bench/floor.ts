import { join } from "node:path";
import { down } from "@fleet/sandbox";
import type { TestSandbox } from "../support/e2e/sandbox.js";
import { allEnded } from "./all-ended.js";
import { ApiServer } from "./api-server.js";
import { applyAll, dryRunAll, removeAll, waitForPlatform } from "./cluster-floor.js";
import type { LoggedRequest } from "./costs.js";
import { GitHubFloor } from "./github-floor.js";
import type { Manifest } from "./manifests.js";
import { planReplay } from "./replay-plan.js";
import type { RecordedResource } from "./state.js";
import { secondsOf } from "./stopwatch.js";

/** Name of the second environment. */
const stack = "floor";

/** Seconds of the least that each job could take: the same objects and calls, with nothing in between. */
export interface Floors {
  /** Until the last object and call were answered. */
  readonly up: number;
  /** The same, and until Flux's controllers and the platform's sync are Ready, as the program waits too. */
  readonly upReady: number;
  /** Every object sent again. */
  readonly upAgain: number;
  /** Every object sent as a dry run. */
  readonly preview: number;
  /** Every object deleted and gone. */
  readonly removal: number;
}

/** The recorded actions of the program, to be repeated. */
export interface FloorArgs {
  readonly manifests: readonly Manifest[];
  readonly resources: readonly RecordedResource[];
  /** GitHub requests of each job. */
  readonly requests: Readonly<Record<"up" | "upAgain" | "preview", readonly LoggedRequest[]>>;
}

/**
 * A second environment of the sandbox and a second GitHub, both bare, on which what the program did is done again.
 *
 * The environment's Flux is real too, and syncs from the first GitHub, whose repositories the objects name: measure
 * while the first fleet still stands.
 */
export class Floor {
  private constructor(
    private readonly sandbox: TestSandbox,
    private readonly github: GitHubFloor,
  ) {}

  static async start(sandbox: TestSandbox): Promise<Floor> {
    return new Floor(sandbox, await GitHubFloor.start(join(sandbox.stateDirectory, "github-floor")));
  }

  /** Does everything but GitHub's part of the removal; the cluster's and GitHub's parts run side by side. */
  async measure({ manifests, resources, requests }: FloorArgs, say: (line: string) => void): Promise<Floors> {
    say("a second environment");
    const environment = await this.sandbox.environment(stack);
    const api = new ApiServer(environment.kubernetes.kubeconfig);
    const both = (cluster: () => Promise<void>, calls: readonly LoggedRequest[]) => {
      const plan = planReplay(calls, resources, "up");
      return secondsOf(() => allEnded([cluster(), this.github.replay(plan)]));
    };
    try {
      say(`${manifests.length} objects and ${requests.up.length} calls`);
      const up = await both(() => applyAll(api, manifests), requests.up);
      const waited = await secondsOf(() => waitForPlatform(api, manifests));
      say("the same objects again, and as a dry run");
      const upAgain = await both(() => applyAll(api, manifests), requests.upAgain);
      const preview = await both(() => dryRunAll(api, manifests), requests.preview);
      say("their removal");
      const removal = await secondsOf(() => removeAll(api, manifests));
      return { up, upReady: up + waited, upAgain, preview, removal };
    } finally {
      await api.close();
      // The next measurement must not share the machine with it.
      await down({ stateDirectory: this.sandbox.stateDirectory, stack });
    }
  }

  /** GitHub's part of the removal, after the others. @returns seconds */
  removeFromGitHub(calls: readonly LoggedRequest[], resources: readonly RecordedResource[]): Promise<number> {
    return secondsOf(() => this.github.replay(planReplay(calls, resources, "destroy")));
  }

  end(): Promise<void> {
    return this.github.end();
  }
}
