// `npm run bench`: installs what is missing, then prints figures. Nothing is asserted: machines differ.
import { prepare, run } from "./prepare.mjs";

prepare();
run("node", "test/bench/bench.ts");
