// Writes what is made from the definitions: run `npm run generate` after a change there.
import { writeFileSync } from "node:fs";
import { generatedFiles } from "../dist/codegen/generated-files.js";

for (const { path, text } of generatedFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
