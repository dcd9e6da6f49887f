/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutation/vitest.config.ts", related: true },
  mutate: [
    "provider/control-planes/**/*.ts",
    "provider/resources/**/*.ts",
    "!provider/**/*.test.ts",
    "!provider/**/testing/**",
  ],
  mutator: {
    excludedMutations: [
      // Nearly all texts are prose for people: messages, and descriptions of properties. Tests hold only the parts of them
      // that matter, and a text that is sent to a control plane is a path or a key that the emulator refuses when wrong.
      "StringLiteral",
      // Patterns are changed in ways that accept or refuse exotic characters: hundreds of mutants, hardly a finding.
      "Regex",
    ],
  },
  coverageAnalysis: "perTest",
  // Definitions and tables run once when a module is loaded. Each mutant in them would cost a run of every test.
  ignoreStatic: true,
  // Vitest strips types without checking them, so nothing is gained by switching the checks off in the sources.
  disableTypeChecks: false,
  concurrency: 2,
  dryRunTimeoutMinutes: 10,
  // A mutant that hangs outside of a test ends after 1.5 times the usual time of its tests and these milliseconds.
  timeoutMS: 5_000,
  ignorePatterns: ["/dist", "/examples", "/reports", "/test/**", "!/test/mutation/**"],
  tempDirName: ".stryker-tmp",
  reporters: ["clear-text", "json", "progress-append-only"],
  jsonReporter: { fileName: "reports/mutation/mutation.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  thresholds: { high: 95, low: 90, break: 90 },
};
