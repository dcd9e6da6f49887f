/** Names for a message: the first ones, and how many there are besides. */
export function listInWords(names: readonly string[], most = 20): string {
  const more = names.length - most;
  return names.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
