import { createRequire } from "node:module";

/** A request to register a resource, as far as it is answered. */
interface Registration {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getObject(): unknown;
}

type Callback = (error: null, response: unknown) => void;
type Method = (call: { readonly request: Registration }, callback: Callback) => void;

/** The server of gRPC, as far as it is used. */
interface Server {
  addService(service: unknown, methods: Readonly<Record<string, Method>>): void;
  bindAsync(address: string, credentials: unknown, bound: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

// The SDK has no types of the engine's services. Its own copy of gRPC describes them.
const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const { Server: GrpcServer, ServerCredentials } = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const engine = require("@pulumi/pulumi/proto/engine_pb");
const resource = require("@pulumi/pulumi/proto/resource_pb");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");
const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb");

/**
 * The services of Pulumi's engine, for a stack without a state. Each resource gets its inputs as outputs. The program
 * does as with the real engine, which needs a cluster and takes turns with the program on the processors.
 */
export class FakeEngine {
  /** Registered resources. */
  registered = 0;

  private constructor(private readonly server: Server) {}

  /** Starts the services. @returns them, and their address */
  static async start(): Promise<{ readonly services: FakeEngine; readonly address: string }> {
    const server: Server = new GrpcServer();
    const services = new FakeEngine(server);
    server.addService(ResourceMonitorService, services.#monitor());
    server.addService(EngineService, {
      log: answering(() => new Empty()),
      setRootResource: answering(() => new engine.SetRootResourceResponse()),
    });
    const port = await new Promise<number>((resolve, reject) => {
      const bound = (error: Error | null, found: number) => (error === null ? resolve(found) : reject(error));
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), bound);
    });
    return { services, address: `127.0.0.1:${port}` };
  }

  end(): void {
    this.server.forceShutdown();
  }

  #monitor(): Readonly<Record<string, Method>> {
    return {
      getDeploymentInfo: answering(() => {
        const info = new resource.DeploymentInfo();
        info.setSupportedfeaturesList(Object.values(resource.ResourceMonitorFeature));
        return info;
      }),
      // The program reads the state of its own stack.
      invoke: answering(() => {
        const response = new resource.ResourceInvokeResponse();
        response.setReturn(Struct.fromJavaScript({ outputs: {} }));
        return response;
      }),
      registerResource: answering((request) => {
        this.registered += 1;
        return registered(request);
      }),
      registerResourceOutputs: answering(() => new Empty()),
      signalAndWaitForShutdown: answering(() => new Empty()),
    };
  }
}

function registered(request: Registration): unknown {
  const response = new resource.RegisterResourceResponse();
  response.setUrn(`urn:pulumi:staging::fleet::${request.getType()}::${request.getName()}`);
  if (request.getCustom()) response.setId(request.getName());
  response.setObject(request.getObject());
  return response;
}

/** A method that answers each call. */
function answering(answer: (request: Registration) => unknown): Method {
  return ({ request }, callback) => callback(null, answer(request));
}
