// Writes what is made from provider/schema: run `npm run generate` after a change there.
import { writeFileSync } from "node:fs";
import { generatedFiles } from "../dist/provider/schema/generated-files.js";

for (const { path, text } of generatedFiles()) writeFileSync(new URL(`../${path}`, import.meta.url), text);
