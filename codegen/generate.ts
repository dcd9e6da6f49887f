// `npm run generate`: writes what is made from the definitions. Run it after each change of one.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../provider/package-root";
import { generatedFiles } from "./generated-files";

for (const { path, text } of generatedFiles()) writeFileSync(join(packageRoot(), path), text);
