import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");

/** The blocks of code of one language below a heading of the README, word for word. */
export function readmeBlocks(heading: string, language: string): string[] {
  const [, section] = readme.split(new RegExp(`^#+ ${heading}$`, "m"));
  if (section === undefined) throw new Error(`README.md has no heading "${heading}"`);
  // Up to the next heading; a `#` within a block begins a comment.
  const blocks: string[] = [];
  for (const [part, kind, text] of section.matchAll(/^```(\w+)\n([\s\S]*?)^```$|^#+ /gm)) {
    if (part.startsWith("#")) break;
    if (kind === language) blocks.push(text as string);
  }
  return blocks;
}

/** The one block of that language below the heading. */
export function readmeBlock(heading: string, language: string): string {
  const [block, ...others] = readmeBlocks(heading, language);
  if (block === undefined || others.length > 0) {
    throw new Error(`README.md, "${heading}": expected one block of ${language}`);
  }
  return block;
}
