/** An emulator of Pulumi Cloud, HCP Terraform and env zero, for tests, demonstrations and continuous integration. */
export type { EmulatorAdmin } from "./admin";
export { AdminError } from "./admin-command";
export type { AgentTimeouts } from "./agent-timeouts";
export { type EmulatorCommandOptions, runEmulatorCommand } from "./command";
export { defaultSeed, emulatorCredentials, emulatorIds } from "./default-seed";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
export { emulatorEnvironment, emulatorSettings } from "./environment";
export type { CredentialKind, Plane } from "./exchange";
export type { ActiveFault, Fault } from "./faults";
export type { ActiveInterposition, Interposition } from "./interpositions";
export type { JournalCounts, JournalEntry } from "./journal";
export type { TlsIdentity } from "./listener";
export type { RateLimit, RateLimits } from "./rate-limits";
export type { Seed, SeedCredential } from "./seed";
export type { EmulatorState } from "./state";
export type { Job, JobOutcome } from "./work";
