import type { Reader, Writer } from "protobufjs/minimal.js";
import type { Encoder } from "./message";
import { readStruct, writeStruct } from "./struct";

/** How a field of a message that the plugin receives is read. */
export interface ReadableField<Value> {
  readonly number: number;
  /** The value of a field that was not sent. */
  readonly absent: Value;
  read(reader: Reader): Value;
}

/** How a field of a message that the plugin sends is written. */
export interface WritableField<Value> {
  readonly number: number;
  write(writer: Writer, value: Value): void;
}

const varint = 0;
const lengthDelimited = 2;

/** A text. Zero value: empty. Half of a character is replaced: an engine takes no message that has one. */
export function text(number: number): ReadableField<string> & WritableField<string> {
  return {
    number,
    absent: "",
    read: (reader) => reader.string(),
    write: (writer, value) => writer.uint32(tag(number, lengthDelimited)).string(value.toWellFormed()),
  };
}

/** A truth value. Zero value: false. */
export function flag(number: number): ReadableField<boolean> & WritableField<boolean> {
  return {
    number,
    absent: false,
    read: (reader) => reader.bool(),
    write: (writer, value) => writer.uint32(tag(number, varint)).bool(value),
  };
}

/** A whole number, or a value of an enumeration. Zero value: 0. */
export function integer(number: number): ReadableField<number> & WritableField<number> {
  return {
    number,
    absent: 0,
    read: (reader) => reader.int32(),
    write: (writer, value) => writer.uint32(tag(number, varint)).int32(value),
  };
}

/** A `google.protobuf.Struct` as an object. One that was not sent is undefined. */
export function struct(
  number: number,
): ReadableField<Record<string, unknown> | undefined> & WritableField<Readonly<Record<string, unknown>>> {
  return {
    number,
    absent: undefined,
    read: readStruct,
    write(writer, values) {
      writer.uint32(tag(number, lengthDelimited)).fork();
      writeStruct(writer, values);
      writer.ldelim();
    },
  };
}

/** Bytes, to be sent. */
export function bytes(number: number): WritableField<Uint8Array> {
  return { number, write: (writer, value) => writer.uint32(tag(number, lengthDelimited)).bytes(value) };
}

/** A list of texts or messages, to be sent. */
export function list<Item>(
  number: number,
  item: Encoder<Item> | typeof text,
): WritableField<readonly Item[]> {
  const { write } =
    typeof item === "function" ? (item(number) as WritableField<unknown>) : nested(number, item);
  return {
    number,
    write(writer, items) {
      for (const each of items) write(writer, each as Item);
    },
  };
}

/** A map from texts to messages, to be sent. */
export function map<Item>(
  number: number,
  item: Encoder<Item>,
): WritableField<Readonly<Record<string, Item>>> {
  const key = text(1);
  const value = nested(2, item);
  return {
    number,
    write(writer, entries) {
      for (const [name, each] of Object.entries(entries)) {
        writer.uint32(tag(number, lengthDelimited)).fork();
        key.write(writer, name);
        value.write(writer, each);
        writer.ldelim();
      }
    },
  };
}

function nested<Message>(number: number, { write }: Encoder<Message>): WritableField<Message> {
  return {
    number,
    write(writer, message) {
      writer.uint32(tag(number, lengthDelimited)).fork();
      write(writer, message);
      writer.ldelim();
    },
  };
}

function tag(number: number, encoding: number): number {
  return number * 8 + encoding;
}
