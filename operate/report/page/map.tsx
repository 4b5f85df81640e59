/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { ReportedTenant, StackReport } from "../report.js";
import { State } from "./parts.js";

type Cluster = NonNullable<StackReport["cluster"]>;

/** The map of a cluster: Flux and infrastructure, then each tenant with its repositories, syncs and namespaces. */
export function FleetMap({ stack, cluster }: { readonly stack: string; readonly cluster: Cluster }) {
  const { fluxVersion, controllers, infrastructure, tenants } = cluster;
  return (
    <ul class="map">
      <li>
        <span class="tag">cluster</span>
        {stack}
        <ul>
          <li>
            <States title={`Flux ${fluxVersion}`} states={controllers} />
          </li>
          <li>
            <States title="Infrastructure" states={infrastructure} />
          </li>
          {tenants.map((tenant) => (
            <li key={tenant.name} data-row>
              <Tenant tenant={tenant} />
            </li>
          ))}
        </ul>
      </li>
    </ul>
  );
}

function States({ title, states }: { readonly title: string; readonly states: Cluster["controllers"] }) {
  const ready = states.filter((one) => one.ready).length;
  return (
    <details>
      <summary>
        {title}: <State good={ready === states.length}>{`${ready} of ${states.length} Ready`}</State>
      </summary>
      <ul>
        {states.map(({ name, ready: isReady, message }) => (
          <li key={name}>
            {name}: <State good={isReady}>{isReady ? "Ready" : (message ?? "not Ready")}</State>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A tenant. Namespaces without a sync, and repositories that none applies, are named too. */
function Tenant({ tenant }: { readonly tenant: ReportedTenant }) {
  const { name, repositories, namespaces, syncs } = tenant;
  const unused = namespaces.filter((one) => syncs.every(({ namespace }) => namespace !== one));
  return (
    <>
      <span class="tag">tenant</span>
      {name}
      <ul>
        {repositories.map((repository) => (
          <li key={repository}>
            <span class="tag">repository</span>
            {repository}
            <ul>
              {syncs
                .filter((sync) => sync.repository === repository)
                .map((sync) => (
                  <li key={`${sync.namespace}/${sync.name}`}>
                    <Sync sync={sync} />
                  </li>
                ))}
            </ul>
          </li>
        ))}
        {unused.map((namespace) => (
          <li key={namespace}>
            <span class="tag">namespace</span>
            {namespace}, without a sync of the files
          </li>
        ))}
      </ul>
    </>
  );
}

function Sync({ sync }: { readonly sync: ReportedTenant["syncs"][number] }) {
  const { name, path, namespace, ready, revision, suspended, messages } = sync;
  return (
    <>
      <span class="tag">sync</span>
      {name} applies <code>{path}</code> at <code>{shortRevision(revision)}</code> to <span class="tag">namespace</span>
      {namespace}:{" "}
      <State good={ready && suspended === undefined}>
        {suspended === undefined ? (ready ? "Ready" : "not Ready") : `suspended ${suspended}`}
      </State>
      {messages.length > 0 && (
        <ul>
          {messages.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A revision with the first eight digits of its commit. The data of the page has all of them. */
function shortRevision(revision = "no revision"): string {
  return revision.replace(/(?<=\bsha\d+:[0-9a-f]{8})[0-9a-f]+$/, "");
}
