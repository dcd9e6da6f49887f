import type { AgentFile, AgentSettings } from "./agent";

/** File with the user's certificate authorities, below the configuration folder. */
export const authoritiesFile = "authorities/user.pem";

/** Environment of proxies and of the user's own variables. Both spellings: not all tools read both. */
export function commonEnvironment({ proxy, environment }: AgentSettings): Record<string, string> {
  const variables: [string, string | undefined][] = [
    ["HTTPS_PROXY", proxy?.https],
    ["HTTP_PROXY", proxy?.http],
    ["NO_PROXY", proxy?.noProxy?.join(",")],
  ];
  const set = variables.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const, [name.toLowerCase(), value] as const],
  );
  return { ...Object.fromEntries(set), ...environment };
}

/** The user's certificate authorities as a file, where there are any. */
export function authoritiesFiles({ certificateAuthorities }: AgentSettings): AgentFile[] {
  return certificateAuthorities === undefined
    ? []
    : [{ name: authoritiesFile, content: certificateAuthorities, permissions: "0444" }];
}

/**
 * Makes a program written in Go trust the user's authorities besides its image's: Go reads every folder of
 * `SSL_CERT_DIR` and still the system's bundle. Neither of the two Go agents documents it (a guess).
 */
export function goAuthorities(settings: AgentSettings, configurationFolder: string): Record<string, string> {
  return settings.certificateAuthorities === undefined
    ? {}
    : { SSL_CERT_DIR: `${configurationFolder}/authorities` };
}
