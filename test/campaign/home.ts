import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A folder as Pulumi's home for this process, where the product keeps notes of what it is making. It is in memory where the
 * system has a place for that: the notes are forced to disk, which takes longer than most deployments here.
 * @returns gives back the home of before.
 */
export function useTemporaryHome(): () => void {
  const before = process.env["PULUMI_HOME"];
  const home = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "campaign-home-"));
  process.env["PULUMI_HOME"] = home;
  return () => {
    if (before === undefined) delete process.env["PULUMI_HOME"];
    else process.env["PULUMI_HOME"] = before;
    rmSync(home, { recursive: true, force: true });
  };
}
