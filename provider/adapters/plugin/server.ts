import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ComponentProcess } from "./component-process";
import { Engine } from "./engine";
import { addProviderService } from "./service";

/**
 * Serves the provider protocol on a free port of this machine and prints the port. Ends the process where none can be had.
 * @param engineAddress where the engine listens, absent where the process was started by hand.
 */
export function serve(engineAddress: string | undefined): void {
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    // Statistics on each call, which nobody reads.
    "grpc.enable_channelz": 0,
  });
  const components = new ComponentProcess(engineAddress);
  addProviderService(server, new Engine(engineAddress), components);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      console.error(`the runner-pools plugin cannot listen on 127.0.0.1: ${error.message}`);
      process.exit(1);
    }
    console.log(String(port));
  });
}
