/**
 * Runs Pulumi's agent for one job; whoever starts it starts it again. The agent's behaviour on signals is not
 * documented, so a stop must not reach it while it has a job. That it has one is told by two signs, each of which is a
 * guess: something new in the shared folder, where each job gets a folder of its own, or a process that it started.
 * A sign that stays for no reason costs time, up to the stop timeout; only if both are missing a job could be cut.
 *
 * Before that it stages the runner, which the image has under another name and place than the docker target needs.
 */
export const superviseScript = `#!/bin/sh
set -u
agent=
leaving=
# One job per start: a busy agent ends by itself, an idle one is told to.
leave() {
  leaving=yes
  [ -z "$agent" ] || busy || kill -TERM "$agent"
}
trap leave TERM INT

work="$PULUMI_AGENT_WORKING_DIRECTORY"
shared="$PULUMI_AGENT_SHARED_VOLUME_DIRECTORY"
mkdir -p "$work" "$shared" || exit 1
if [ -n "\${RUNNER_POOLS_OIDC_TOKEN_FILE:-}" ] && [ ! -r "$RUNNER_POOLS_OIDC_TOKEN_FILE" ]; then
  echo "cannot read an OIDC token at $RUNNER_POOLS_OIDC_TOKEN_FILE: something on the host must write it, readable to root without capabilities; see oidc.tokenFile of the fleet" >&2
  exit 1
fi
runner="$(command -v workflow-runner)" || { echo "the image has no workflow-runner" >&2; exit 1; }
for name in workflow-runner workflow-runner-embeddable; do
  cp "$runner" "$work/.$name" && mv -f "$work/.$name" "$work/$name" || exit 1
done

before="$(ls -A "$shared")"
customer-managed-workflow-agent run &
agent=$!
[ -z "$leaving" ] || kill -TERM "$agent"

busy() {
  [ "$(ls -A "$shared")" != "$before" ] && return 0
  grep -qs "^PPid:[[:space:]]*$agent\\$" /proc/[0-9]*/status
}

while :; do
  wait "$agent"
  code=$?
  # An answer to a signal is not yet the agent's end.
  kill -0 "$agent" 2>/dev/null || exit "$code"
done
`;
