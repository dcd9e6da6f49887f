// `npm run demo`: installs what is missing, then shows the main job on an emulator.
import { prepare, run } from "./prepare.mjs";

prepare();
run("node", "test/demo/demo.ts");
