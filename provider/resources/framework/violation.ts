/** Something wrong with one property. */
export interface Violation {
  /** Path of the property, for example `target.stack`. */
  readonly property: string;
  /** What was expected, and what to do. */
  readonly reason: string;
}
