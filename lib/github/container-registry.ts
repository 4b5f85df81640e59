/**
 * Host of GitHub's container registry: its paths begin with the owner, like those of repositories.
 * @see https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
export const GITHUB_REGISTRY = "ghcr.io";
