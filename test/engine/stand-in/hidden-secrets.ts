import type { PropertyMap, PropertyValue } from "../deployment.ts";
import { isObject, isSecret } from "./property-values.ts";

/** Properties as they are shown to people: each secret reads `[secret]`. */
export function withHiddenSecrets(properties: PropertyMap): PropertyMap {
  const hide = (value: PropertyValue): PropertyValue => {
    if (isSecret(value)) {
      return "[secret]";
    }
    if (Array.isArray(value)) {
      return value.map(hide);
    }
    return isObject(value) ? withHiddenSecrets(value) : value;
  };
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, hide(value)]));
}
