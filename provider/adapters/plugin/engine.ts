import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { redact } from "../../control-planes/http/redact";
import { LogSeverity, paths, type Response, responses } from "./protocol";

type LogSeverityValue = (typeof LogSeverity)[keyof typeof LogSeverity];

/** How long a message may be on its way, in milliseconds: the engine is on the same machine. */
const longestWait = 5_000;

/** The engine that uses this plugin, as somebody to tell things to. */
export class Engine {
  private client: Client | undefined;
  private readonly underWay = new Set<Promise<void>>();
  /** Where the engine listens; undefined where the process was started by hand. */
  address: string | undefined;

  constructor(address: string | undefined) {
    if (address) this.address = address;
  }

  /** Another engine takes over. */
  attach(address: string): void {
    this.client?.close();
    this.address = address;
    this.client = undefined;
  }

  /** Shows the user a message with the resource that it is about. The engine hides a plugin's own output. */
  warn(message: string, urn = ""): void {
    this.log(LogSeverity.warning, message, urn);
  }

  /** Shows the user what an update does. */
  inform(message: string, urn = ""): void {
    this.log(LogSeverity.info, message, urn);
  }

  /** Shows the user how a wait goes on, in the line of the resource. */
  progress(message: string, urn = ""): void {
    this.log(LogSeverity.info, message, urn, true);
  }

  private log(severity: LogSeverityValue, message: string, urn: string, ephemeral = false): void {
    const request: Response<"LogRequest"> = { severity, message: redact(message), urn, ephemeral };
    const client = this.connect();
    if (!client) return;
    // A message that does not arrive must not fail what it is about.
    const sent = new Promise<void>((resolve) => {
      const options = { deadline: Date.now() + longestWait };
      const { encode } = responses.LogRequest;
      client.makeUnaryRequest(
        paths.log,
        encode,
        () => undefined,
        request,
        new Metadata(),
        options,
        () => resolve(),
      );
    });
    this.underWay.add(sent);
    void sent.then(() => this.underWay.delete(sent));
  }

  /** Waits until what was said has arrived: an engine may end a plugin as soon as it has its last answer. */
  async hasHeard(): Promise<void> {
    if (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Most deployments have nothing to say, so the client is made for the first message. */
  private connect(): Client | undefined {
    if (this.address === undefined) return undefined;
    this.client ??= new Client(this.address, credentials.createInsecure());
    return this.client;
  }
}
