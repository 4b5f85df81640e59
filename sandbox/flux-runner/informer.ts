import {
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
} from "@kubernetes/client-node";
import { type Log, reasonOf } from "./runner-log.js";

/** A live copy of a list of objects. */
export interface Informer<T> {
  /** All objects, as last seen. */
  list(): readonly T[];
  stop(): Promise<void>;
}

/** The list to follow, and the callbacks for its changes. */
export interface InformerArgs<T extends KubernetesObject> {
  /** Leads to the cluster. */
  readonly config: KubeConfig;
  /** Path of the list in the API, such as `/api/v1/namespaces/x/pods`. */
  readonly path: string;
  /** The list as it is now. */
  readonly list: () => Promise<KubernetesListObject<T>>;
  /** An object is new or has changed. */
  readonly changed?: (object: T) => void;
  /** An object is gone. */
  readonly gone?: (object: T) => void;
  /** Told of what broke the watch. */
  readonly log: Log;
}

/** ms until a watch that broke is begun again. */
const pause = 500;

/**
 * Follows a list. The informer lists and watches again by itself when the server ends a watch, and lists anew when it
 * gets a 410 for a version that is too old; after every other error, such as a server that is away, it is begun again
 * here, for as long as it takes.
 */
export async function startInformer<T extends KubernetesObject>(args: InformerArgs<T>): Promise<Informer<T>> {
  const informer = makeInformer<T>(args.config, args.path, args.list);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  informer.on("error", (error: unknown) => {
    if (stopped) return;
    args.log(`watch of ${args.path} broke, it begins again in ${pause} ms: ${reasonOf(error)}`);
    clearTimeout(timer);
    timer = setTimeout(() => void informer.start(), pause);
  });
  if (args.changed !== undefined) {
    informer.on("add", args.changed);
    informer.on("update", args.changed);
  }
  if (args.gone !== undefined) informer.on("delete", args.gone);
  await informer.start();
  return {
    list: () => informer.list(),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await informer.stop();
    },
  };
}
