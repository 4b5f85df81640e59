import type { Attack, GitUse } from "../attack.js";

const category = "Git";
const readOnly = /The key you are authenticating with has been marked as read only/;
const notFound = /Repository not found/;
const byPullRequest = /Changes must be made through a pull request/;

/** An attack with a deploy key. */
const git = (use: GitUse["use"], repository: GitUse["repository"], key: GitUse["key"] = "own") =>
  (() => ({ kind: "git", use, repository, key })) satisfies Attack["attempt"];

/** Attacks with the deploy keys in the tenant's namespace, which the tenant can read. */
export const gitAttacks: readonly Attack[] = [
  {
    id: "key-pushes",
    title: "pushes a commit with the cluster's key, past every review",
    category,
    by: "key",
    stoppedBy: [
      { control: "read-only-key", message: readOnly },
      { control: "branch-ruleset", message: byPullRequest },
    ],
    attempt: git("push", "tenant"),
  },
  {
    id: "write-key-pushes",
    title: "pushes to the branch that is deployed with the key that may push, past every review",
    category,
    by: "write-key",
    stoppedBy: [{ control: "branch-ruleset", message: byPullRequest }],
    attempt: git("push", "tenant", "write"),
  },
  {
    id: "write-key-deploys-neighbour",
    title: "pushes to the neighbour's repository with the key that may push to its own",
    category,
    by: "write-key",
    stoppedBy: [{ control: "key-of-one-repository", message: notFound }],
    attempt: git("push", "neighbour", "write"),
  },
  {
    id: "write-key-deploys-platform",
    title:
      "pushes to the platform's repository, from which Flux applies everything as cluster-admin, with a key that may push",
    category,
    by: "write-key",
    stoppedBy: [
      { control: "key-of-one-repository", message: notFound },
      { control: "platform-ruleset", message: byPullRequest },
    ],
    attempt: git("push", "platform", "write"),
  },
  {
    id: "key-rewrites",
    title: "rewrites the branch that is deployed",
    category,
    by: "key",
    stoppedBy: [
      { control: "read-only-key", message: readOnly },
      { control: "branch-ruleset", message: /Cannot force-push to this branch/ },
    ],
    attempt: git("force-push", "tenant"),
  },
  {
    id: "key-tags",
    title: "pushes a tag",
    category,
    by: "key",
    stoppedBy: [{ control: "read-only-key", message: readOnly }],
    attempt: git("push-tag", "tenant"),
  },
  {
    id: "key-opens-neighbour",
    title: "clones the neighbour's repository",
    category,
    by: "key",
    stoppedBy: [{ control: "key-of-one-repository", message: notFound }],
    attempt: git("clone", "neighbour"),
  },
  {
    id: "key-opens-platform",
    title: "clones the platform's repository",
    category,
    by: "key",
    stoppedBy: [{ control: "key-of-one-repository", message: notFound }],
    attempt: git("clone", "platform"),
  },
  {
    id: "removed-key",
    title: "clones its repository with a key that was removed",
    category,
    by: "key",
    stoppedBy: [{ control: "key-registration", message: /Permission denied \(publickey\)/ }],
    attempt: git("clone", "tenant", "removed"),
  },
];
