import { z } from "zod";
import type { OwnedFields } from "./live-object.js";

const texts = z.record(z.string(), z.string()).default({});
// Its depth is not checked: it is most of an answer, and is read for the fields of other clients only.
const ownedFields = z.custom<OwnedFields>((value) => typeof value === "object" && value !== null);
const owner = z.object({
  manager: z.string().default(""),
  operation: z.string().default(""),
  subresource: z.string().optional(),
  time: z.string().optional(),
  apiVersion: z.string().optional(),
  fieldsV1: ownedFields.default({}),
});
const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  labels: texts,
  annotations: texts,
  deletionTimestamp: z.string().optional(),
  generation: z.number().optional(),
  uid: z.string().optional(),
  managedFields: z.array(owner).default([]),
});

/** An object in an answer. */
export const object = z.looseObject({ metadata });
/** A list in an answer. */
export const objectList = z.object({ items: z.array(object) });
