import { componentDefinitions } from "../provider/components/index";
import { planes } from "../provider/control-planes/planes";
import { functionDefinitions } from "../provider/functions/definitions";
import { packageVersion } from "../provider/package-root";
import { resourceDefinitions } from "../provider/resources";
import { readmeText, referenceText } from "./markdown";
import { packageSchemaText } from "./package-schema";
import { resourcesTypescript } from "./typescript-classes";
import {
  componentsTypescript,
  controlPlanesTypescript,
  functionsTypescript,
} from "./typescript-declarations";

/** A file that is made from the definitions and committed. */
export interface GeneratedFile {
  /** Path below the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every generated file with the text that it must have. */
export function generatedFiles(): GeneratedFile[] {
  return [
    { path: "sdk/resources/generated/control-planes.ts", text: controlPlanesTypescript(planes) },
    { path: "sdk/resources/generated/resources.ts", text: resourcesTypescript(resourceDefinitions) },
    { path: "sdk/resources/generated/components.ts", text: componentsTypescript(componentDefinitions) },
    { path: "sdk/functions/generated/functions.ts", text: functionsTypescript(functionDefinitions) },
    { path: "schema.json", text: packageSchemaText(packageVersion()) },
    { path: "README.md", text: readmeText() },
    {
      path: "sdk/resources/README.md",
      text: referenceText(resourceDefinitions, componentDefinitions, functionDefinitions),
    },
  ];
}
