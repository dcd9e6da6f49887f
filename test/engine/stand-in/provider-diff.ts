import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { DiffKind, DiffResult } from "./diff.ts";

/** What a provider answers when asked for differences. */
export type DiffResponse = InstanceType<typeof providerMessages.DiffResponse>;

/** In the order of the protocol's numbers. */
const DIFF_KINDS: DiffKind[] = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

/** Reads what a provider says differs. */
export function decodeDiff(response: DiffResponse): DiffResult {
  const { DIFF_NONE, DIFF_SOME } = providerMessages.DiffResponse.DiffChanges;
  const changes = response.getChanges();
  const detailed = [...response.getDetaileddiffMap().entries()].map(
    ([path, diff]) => [path, DIFF_KINDS[diff.getKind()] ?? "update"] as const,
  );
  return {
    changes: changes === DIFF_SOME ? "some" : changes === DIFF_NONE ? "none" : "unknown",
    replaceKeys: response.getReplacesList(),
    changedKeys: response.getDiffsList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    ...(response.getHasdetaileddiff() && { detailedDiff: Object.fromEntries(detailed) }),
  };
}
