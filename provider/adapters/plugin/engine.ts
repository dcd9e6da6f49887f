import { credentials } from "@grpc/grpc-js";
import { redact } from "../../control-planes/redact";
import { EngineClient, LogRequest, LogSeverity } from "./protocol";

type LogSeverityValue = (typeof LogSeverity)[keyof typeof LogSeverity];

/** The engine that uses this plugin, as somebody to tell things to. */
export class Engine {
  private client: EngineClient | undefined;
  /** Where the engine listens; undefined where the process was started by hand. */
  address: string | undefined;

  constructor(address: string | undefined) {
    if (address) this.attach(address);
  }

  /** Another engine takes over. */
  attach(address: string): void {
    this.client?.close();
    this.address = address;
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** Shows the user a message with the resource that it is about. The engine hides a plugin's own output. */
  warn(message: string, urn = ""): void {
    this.log(LogSeverity.WARNING, message, urn);
  }

  /** Shows the user what an update does. */
  inform(message: string, urn = ""): void {
    this.log(LogSeverity.INFO, message, urn);
  }

  /** Shows the user how a wait goes on, in the line of the resource. */
  progress(message: string, urn = ""): void {
    this.log(LogSeverity.INFO, message, urn, true);
  }

  private log(severity: LogSeverityValue, message: string, urn: string, ephemeral = false): void {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setEphemeral(ephemeral);
    request.setMessage(redact(message));
    request.setUrn(urn);
    // A message that does not arrive must not fail what it is about.
    this.client?.log(request, () => undefined);
  }
}
