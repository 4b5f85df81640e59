import { z } from "zod";
import { repositorySettings, visibility } from "../state/records.js";

/** What a client may say of a repository when it creates one and when it changes it; the names are the REST API's. */
export const repositoryFields = {
  name: z.string(),
  description: z.string().nullable(),
  homepage: z.string().nullable(),
  private: z.boolean(),
  visibility,
  ...repositorySettings.shape,
};
