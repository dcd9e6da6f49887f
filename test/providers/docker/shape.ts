/** A value of a property as it travels. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** Properties of a resource or of an object in one. */
export type Properties = Record<string, Value>;

/** What the vendor's plugin knows about a property, as far as it decides what differs and what follows from it. */
export interface Shape {
  readonly kind: "string" | "integer" | "boolean" | "list" | "set" | "map" | "object";
  /** What the elements of a list or set, or the properties of an object, are. */
  readonly properties?: Shapes;
  /** A change makes a new resource. */
  readonly replaces?: true;
  /** Without a value in the program the daemon's is taken as it is. */
  readonly computed?: true;
  /** What holds without a value in the program. */
  readonly default?: Value;
}

/** Every property that there is. */
export type Shapes = Readonly<Record<string, Shape>>;

/** How the engine writes a value that a preview does not know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Paths of the properties that are not in the shapes. */
export function unknownProperties(shapes: Shapes, properties: Properties, prefix = ""): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const shape = shapes[key];
    if (!shape) return [`${prefix}${key}`];
    if (!shape.properties) return [];
    const inner = Array.isArray(value) ? value : [value];
    return inner
      .filter((element) => typeof element === "object" && element !== null)
      .flatMap((element) =>
        unknownProperties(shape.properties as Shapes, element as Properties, `${prefix}${key}.`),
      );
  });
}

/**
 * Names of the properties in which what is there differs from what is wanted. As in the vendor's plugin, what the
 * daemon reports counts, not what was asked for: a property that reads back differently differs for ever.
 */
export function differences(shapes: Shapes, state: Properties, wanted: Properties): string[] {
  return Object.entries(shapes).flatMap(([key, shape]) => {
    const now = state[key] ?? null;
    const next = wanted[key] ?? shape.default ?? null;
    if (next === null && shape.computed) return [];
    return canonical(shape, now ?? shape.default ?? null) === canonical(shape, next) ? [] : [key];
  });
}

function canonical(shape: Shape, value: Value): string {
  if (value === UNKNOWN) return UNKNOWN;
  if (isNothing(value)) return "";
  if (Array.isArray(value)) {
    const elements = value.map((element) => canonicalElement(shape, element));
    return JSON.stringify(shape.kind === "set" ? elements.sort() : elements);
  }
  return typeof value === "object" ? canonicalElement(shape, value) : String(value);
}

function canonicalElement(shape: Shape, value: Value): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => {
    const innerShape = shape.properties?.[key];
    return [key, innerShape ? canonical(innerShape, inner ?? innerShape.default ?? null) : String(inner)];
  });
  const defaults = Object.entries(shape.properties ?? {})
    .filter(([key, inner]) => inner.default !== undefined && !(key in value))
    .map(([key, inner]) => [key, canonical(inner, inner.default as Value)]);
  return JSON.stringify([...entries, ...defaults].filter(([, text]) => text !== "").sort());
}

/** The plugin's framework cannot tell a zero value from none. */
function isNothing(value: Value): boolean {
  if (value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}
