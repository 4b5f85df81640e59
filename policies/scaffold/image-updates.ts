import { DEFAULT_IMAGE_BRANCH } from "../../config/tenant/image-automation/schema.js";
import type { Files } from "./kustomization.js";

/** Name of the check that builds the manifests, for `repository.protection.checks`. */
export const MANIFESTS_CHECK = "manifests";

/** Path of the script that opens or updates the pull request with image updates. */
export const IMAGE_UPDATES_SCRIPT = ".github/image-updates.sh";

const checkout = `      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
`;

/** The workflows of a tenant's repository: one pull request for image updates, and a check of the manifests. */
export function imageUpdateFiles(stacks: readonly string[]): Files {
  return {
    ".github/workflows/image-updates.yml": imageUpdates,
    ".github/workflows/manifests.yml": manifests(stacks),
    [IMAGE_UPDATES_SCRIPT]: script,
  };
}

/**
 * A push by a deploy key starts it, on the branch of the pushed commit. Its token may write pull requests and no content, so
 * that it can merge nothing: a merge needs the permission contents.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#push
 */
const imageUpdates = `# Keeps one pull request open for the image updates that the cluster pushes.
name: Image updates
on:
  push:
    branches: [${DEFAULT_IMAGE_BRANCH}]
permissions: {}
jobs:
  pull-request:
    name: pull request
    if: \${{ !github.event.repository.is_template }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
      pull-requests: write
    concurrency:
      group: image-updates
      cancel-in-progress: false
    steps:
${checkout}          fetch-depth: 0
          persist-credentials: false
      - run: bash ${IMAGE_UPDATES_SCRIPT}
        env:
          BASE: \${{ github.event.repository.default_branch }}
          GITHUB_TOKEN: \${{ github.token }}
`;

/**
 * It runs for each push, and not for pull requests: GitHub starts no workflow for a pull request that a job's own token
 * opened, and a required check counts by commit.
 * @see https://docs.github.com/en/actions/concepts/security/github_token#when-github_token-triggers-workflow-runs
 */
function manifests(stacks: readonly string[]): string {
  const builds = stacks.map((stack) => `      - run: kubectl kustomize deploy/${stack}\n`).join("");
  return `# Builds the folder of each cluster. repository.protection.checks: [${MANIFESTS_CHECK}] in the tenant file makes it a
# condition of each merge.
name: Manifests
on:
  push:
permissions: {}
jobs:
  ${MANIFESTS_CHECK}:
    # The template gets its files one by one.
    if: \${{ !github.event.repository.is_template }}
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
${checkout}          persist-credentials: false
${builds}`;
}

/**
 * The script of the workflow. It takes names of images from the change itself and not from commit messages, keeps only
 * the characters that a reference can have, and passes every text as data. Indented blocks cannot be left by a text in
 * them. A branch that changes anything else is named as such: the tenant can read the key that pushes to it.
 * @see https://docs.github.com/en/rest/pulls/pulls
 */
const script = `#!/usr/bin/env bash
# Opens the pull request for the branch ${DEFAULT_IMAGE_BRANCH}, or updates its text. Its list comes from the change itself.
set -euo pipefail
branch=${DEFAULT_IMAGE_BRANCH}
api="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/pulls"

request() {
  curl --silent --show-error --fail-with-body --max-time 60 \\
    --header @<(printf 'authorization: Bearer %s\\n' "$GITHUB_TOKEN") \\
    --header 'accept: application/vnd.github+json' --header 'content-type: application/json' "$@"
}

# The branch could have attributes by which Git shows no lines of a file.
change() { git diff --no-color --no-ext-diff --no-textconv --text --no-renames "$@" "origin/$BASE...HEAD"; }
block() { head --lines 200 | sed 's/^/    /'; }

files=$(change --name-status)
if [ -z "$files" ]; then
  echo "$branch changes nothing."
  exit 0
fi
# Each changed line that names an image, as: - NAMESPACE:IMAGE OLD, + NAMESPACE:IMAGE NEW
patch=$(change --unified=0 | tr '\\0' '?')
marker='# \\{"\\$imagepolicy": "([a-z0-9.:-]+)"\\}'
field='(image|repository|tag|digest|newName|newTag): *"?([A-Za-z0-9._:@/-]+)"?'
images=$(sed -nE "s~^([-+]) *(- )?$field $marker\\$~\\\\1 \\\\5 \\\\4~p" <<<"$patch")
# The heads of hunks have the numbers of lines. A changed line that begins with -- or ++ looks like the name of a file.
changed=$(awk '/^@@ / { split($2, old, ","); split($3, new, ",")
  lines += (2 in old ? old[2] : 1) + (2 in new ? new[2] : 1) } END { print lines + 0 }' <<<"$patch")
named=$(awk 'NF { lines++ } END { print lines + 0 }' <<<"$images")
others=$((changed - named))

body=$(
  printf 'The cluster found new versions of images, and pushed them to the branch %s.\\n\\n' "$branch"
  block <<<"$images"
  printf '\\nChanged files:\\n\\n'
  block <<<"$files"
  if [ "$others" -gt 0 ]; then
    printf '\\n**Read the whole change: %s of its lines name no image that the cluster updates.**\\n' "$others"
  fi
)
open=$(request --get --data-urlencode "head=\${GITHUB_REPOSITORY%%/*}:$branch" --data-urlencode "base=$BASE" \\
  --data state=open "$api")
number=$(jq --raw-output '.[0].number // empty' <<<"$open")
if [ -n "$number" ]; then
  jq --null-input --arg body "$body" '{$body}' | request --request PATCH --data @- "$api/$number" >/dev/null
  echo "Updated pull request $number."
else
  jq --null-input --arg body "$body" --arg head "$branch" --arg base "$BASE" \\
    '{title: "Update images", $body, $head, $base}' | request --data @- "$api" >/dev/null
  echo "Opened a pull request."
fi
`;
