import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const generated = readFileSync(join(__dirname, "../../resources/generated/components.ts"), "utf8");
const entry = readFileSync(join(__dirname, "index.ts"), "utf8");
const bodies = new Map(
  [...generated.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name, body]) => [
    name as string,
    body,
  ]),
);

/** The interface, and those of this file that its properties refer to. */
function reachable(name: string, seen = new Set<string>()): Set<string> {
  const body = bodies.get(name);
  if (body === undefined || seen.has(name)) return seen;
  seen.add(name);
  for (const [, other] of body.matchAll(/\b(\w+Args)\b/g)) reachable(other as string, seen);
  return seen;
}

it("the entry of Docker's fleet exports the types of all its arguments", () => {
  const needed = [...reachable("DockerFleetArgs")].sort();
  expect(needed).toContain("HcpTerraformAgentSettingsArgs");
  expect([...entry.matchAll(/^ {2}(\w+Args),$/gm)].map(([, name]) => name)).toEqual(needed);
});
