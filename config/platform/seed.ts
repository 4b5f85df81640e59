import { readFolder } from "../files/read-folder.js";
import { type Files, SEED_FOLDER } from "./kustomize-build.js";

/** Path of Renovate's settings in the platform's repository. */
export const PLATFORM_RENOVATE_PATH = "renovate.json";

/**
 * Renovate's settings in the platform's repository, for the versions of charts and sources that `fleet/` pins. They name no
 * other manager: the program writes the repository's workflow, and would undo another version there.
 * @see https://docs.renovatebot.com/modules/manager/flux/
 */
const renovate = `{
  "$schema": "https://docs.renovatebot.com/renovate-schema.json",
  "extends": ["config:recommended"],
  "enabledManagers": ["flux"],
  "flux": { "managerFilePatterns": ["/^${SEED_FOLDER}/.+\\\\.ya?ml$/"] }
}
`;

/**
 * The files of a new platform repository, path → content: the folder `fleet/` of the checkout, and Renovate's settings.
 * @throws Error of the file system, which names the path
 */
export function readPlatformSeed(root: string): Files {
  return { ...readFolder(root, SEED_FOLDER), [PLATFORM_RENOVATE_PATH]: renovate };
}
