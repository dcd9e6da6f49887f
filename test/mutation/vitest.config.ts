import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A mutant's run ends with the first test that fails: what is quick goes first, while Vitest's own order is the reverse. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const longestFirst = await super.sort(files);
    const duration = ({ project, moduleId }: TestSpecification) =>
      this.ctx.cache.getFileTestResults(`${project.name}:${moduleId.slice(this.ctx.config.root.length + 1)}`)
        ?.duration ?? 0;
    return longestFirst.reverse().sort((one, other) => duration(one) - duration(other));
  }
}

/** The tests that judge mutants: those beside the code, which run against the emulator in their own process. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["provider/**/*.test.ts"],
    // Loading the modules anew for each file takes a third of a run.
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    // Many mutants end as a wait without end, and no test takes five seconds.
    testTimeout: 12_000,
    hookTimeout: 12_000,
  },
});
