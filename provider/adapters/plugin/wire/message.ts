import { Reader, Writer } from "protobufjs/minimal.js";
import type { ReadableField, WritableField } from "./fields";

/** Reads a message from its bytes. */
export type Decode<Message> = (bytes: Buffer) => Message;

/** A kind of message that the plugin sends. */
export interface Encoder<Message> {
  encode(message: Message): Buffer;
  write(writer: Writer, message: Message): void;
}

/** What a decoder makes of its fields. */
export type Received<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends ReadableField<infer Value> ? Value : never;
};

/** What an encoder takes. A field that is left out has its type's zero value. */
export type Sent<Fields> = {
  readonly [Name in keyof Fields]?:
    | (Fields[Name] extends WritableField<infer Value> ? Value : never)
    | undefined;
};

/** Reads messages of these fields; others that an engine sends are passed over. */
export function decoder<Fields extends Record<string, ReadableField<unknown>>>(
  fields: Fields,
): Decode<Received<Fields>> {
  const byNumber = new Map(Object.entries(fields).map(([name, field]) => [field.number, { name, field }]));
  const absent = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.absent]));
  return (content) => {
    const reader = Reader.create(content);
    const message: Record<string, unknown> = { ...absent };
    while (reader.pos < reader.len) {
      const found = reader.uint32();
      const known = byNumber.get(found >>> 3);
      if (known) message[known.name] = known.field.read(reader);
      else reader.skipType(found & 7);
    }
    return message as Received<Fields>;
  };
}

/** Writes messages of these fields. */
export function encoder<Fields extends Record<string, WritableField<never>>>(
  fields: Fields,
): Encoder<Sent<Fields>> {
  const entries = Object.entries(fields) as [string, WritableField<unknown>][];
  const write = (writer: Writer, message: Readonly<Record<string, unknown>>) => {
    for (const [name, field] of entries) {
      const value = message[name];
      if (value !== undefined) field.write(writer, value);
    }
  };
  return {
    write,
    encode(message) {
      const writer = Writer.create();
      write(writer, message);
      const { buffer, byteOffset, length } = writer.finish();
      return Buffer.from(buffer, byteOffset, length);
    },
  };
}
