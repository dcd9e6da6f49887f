import { Server, ServerCredentials } from "@grpc/grpc-js";
import { engineAddressIn } from "../engine-address";
import { ComponentProcess } from "./component-process";
import { Engine } from "./engine";
import { watchEngine } from "./engine-watch";
import { ResourceProviderService } from "./protocol";
import { providerService } from "./service";

/**
 * Entry of the plugin: Pulumi's plugin runner loads the package's folder and leaves the rest to us. The first line on
 * standard output must be the port, and nothing else may come before it. Nothing is exported: the runner would take it
 * for components.
 */
const engineAddress = engineAddressIn(process.argv.slice(2));
// There is nobody left to answer, and what was under way has been sent.
watchEngine(engineAddress, () => process.exit());

const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
const components = new ComponentProcess(engineAddress);
server.addService(ResourceProviderService, providerService(new Engine(engineAddress), components));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    console.error(`the runner-pools plugin cannot listen on 127.0.0.1: ${error.message}`);
    process.exit(1);
  }
  console.log(String(port));
});
