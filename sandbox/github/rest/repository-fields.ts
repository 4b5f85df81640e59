import { z } from "zod";
import { repositorySettings, visibility } from "../state/records.js";

/** The fields that creating and changing a repository share; the names are the REST API's. */
export const repositoryFields = {
  name: z.string(),
  description: z.string().nullable(),
  homepage: z.string().nullable(),
  private: z.boolean(),
  visibility,
  ...repositorySettings.shape,
};
