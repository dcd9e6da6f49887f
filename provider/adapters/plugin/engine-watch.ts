import { connect } from "node:net";
import { hostAndPort } from "../../host-and-port";

/** How often it is asked whether the parent process is still there. Milliseconds. */
const parentInterval = 500;

/** Pause before a lost connection to the engine is tried again. Milliseconds. */
const reconnectDelay = 200;

/** Connections that have to fail in a row before the engine counts as gone. */
const failuresAllowed = 3;

/**
 * Calls `gone` once when the engine, or whoever started this process, is no longer there. An engine that is killed has no
 * time to stop its plugins, and the language host between it and a plugin may live on.
 * @param address where the engine listens, absent where the process was started by hand.
 */
export function watchEngine(address: string | undefined, gone: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && gone(), parentInterval).unref();
  if (address) holdConnection(address, gone);
}

/**
 * Keeps a connection open on which nothing is ever said: the system closes it when the engine dies, at that very moment.
 * A server may close a silent connection for its own reasons, so it counts only that none can be opened any more.
 */
function holdConnection(address: string, gone: () => void): void {
  const engine = hostAndPort(address);
  if (!engine) return;
  let failures = 0;
  const open = () => {
    const socket = connect(engine);
    socket.unref();
    socket.on("connect", () => {
      failures = 0;
    });
    socket.on("error", () => {
      failures += 1;
    });
    // What a server says to a silent client is of no interest, but must be read for the end to be seen.
    socket.resume();
    socket.on("close", () => {
      if (failures >= failuresAllowed) gone();
      else setTimeout(open, reconnectDelay).unref();
    });
  };
  open();
}
