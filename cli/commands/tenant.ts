import type { Command } from "commander";
import type { Streams } from "../streams.js";
import { addExceptionCommands } from "../tenant/exception-commands.js";
import { addImportCommand } from "../tenant/import.js";
import { addTenantViews } from "../tenant/list.js";
import { addNewTenantCommand } from "../tenant/new.js";
import { addRemoveCommand } from "../tenant/remove.js";
import { addRotateKeysCommand } from "../tenant/rotate-keys.js";

/** Adds `tenant` with its subcommands. */
export function addTenantCommands(program: Command, streams: Streams, root: string): void {
  const tenant = program.command("tenant").description("the tenants of this checkout");
  addNewTenantCommand(tenant, streams, root);
  addImportCommand(tenant, streams, root);
  addTenantViews(tenant, streams, root);
  addExceptionCommands(tenant, streams, root);
  addRemoveCommand(tenant, streams, root);
  addRotateKeysCommand(tenant, streams, root);
}
