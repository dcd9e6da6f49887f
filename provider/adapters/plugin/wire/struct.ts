import type { Reader, Writer } from "protobufjs/minimal.js";

/** A value of a `google.protobuf.Struct`, as JavaScript has it. */
export type StructValue =
  | null
  | number
  | string
  | boolean
  | readonly StructValue[]
  | { readonly [key: string]: StructValue };

/** Fields of `google.protobuf.Value`, of which one is set, as tags: the field's number times 8, and how it is encoded. */
const nullTag = 8;
const numberTag = 17;
const stringTag = 26;
const booleanTag = 32;
const structTag = 42;
const listTag = 50;

/** Tag of a field 1 and of a field 2 that hold a text or a message: an entry or item, a key, a value. */
const firstTag = 10;
const secondTag = 18;

/**
 * Reads a `google.protobuf.Struct` right into an object. Nearly all that an engine sends is structs, and a message object
 * for each of their values, as libraries make them, costs more than everything else of a call.
 */
export function readStruct(reader: Reader): Record<string, StructValue> {
  const values: Record<string, StructValue> = {};
  readFields(reader, firstTag, () => {
    let key = "";
    let value: StructValue = null;
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) {
      const tag = reader.uint32();
      if (tag === firstTag) key = reader.string();
      else if (tag === secondTag) value = readValue(reader);
      else reader.skipType(tag & 7);
    }
    if (key === "__proto__")
      Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true });
    else values[key] = value;
  });
  return values;
}

function readValue(reader: Reader): StructValue {
  let value: StructValue = null;
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === stringTag) value = reader.string();
    else if (tag === structTag) value = readStruct(reader);
    else if (tag === listTag) value = readList(reader);
    else if (tag === booleanTag) value = reader.bool();
    else if (tag === numberTag) value = reader.double();
    else reader.skipType(tag & 7);
  }
  return value;
}

function readList(reader: Reader): StructValue[] {
  const items: StructValue[] = [];
  readFields(reader, firstTag, () => items.push(readValue(reader)));
  return items;
}

/** Reads a message that has one field, repeated. */
function readFields(reader: Reader, known: number, readOne: () => void): void {
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === known) readOne();
    else reader.skipType(tag & 7);
  }
}

/** Writes an object as the content of a `google.protobuf.Struct`. @throws Error where a value has no form there, as `undefined`. */
export function writeStruct(writer: Writer, values: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(values)) {
    writer.uint32(firstTag).fork().uint32(firstTag).string(key.toWellFormed()).uint32(secondTag).fork();
    writeValue(writer, values[key]);
    writer.ldelim().ldelim();
  }
}

function writeValue(writer: Writer, value: unknown): void {
  if (typeof value === "string") writer.uint32(stringTag).string(value.toWellFormed());
  else if (typeof value === "boolean") writer.uint32(booleanTag).bool(value);
  else if (typeof value === "number") writer.uint32(numberTag).double(value);
  else if (value === null) writer.uint32(nullTag).int32(0);
  else if (Array.isArray(value)) {
    writer.uint32(listTag).fork();
    for (const item of value) {
      writer.uint32(firstTag).fork();
      writeValue(writer, item);
      writer.ldelim();
    }
    writer.ldelim();
  } else if (typeof value === "object") {
    writer.uint32(structTag).fork();
    writeStruct(writer, value as Record<string, unknown>);
    writer.ldelim();
  } else throw new Error(`a value of type ${typeof value} has no form in Pulumi's protocol`);
}
