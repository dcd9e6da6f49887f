import { request } from "node:https";
import type { TLSSocket } from "node:tls";
import { z } from "zod";
import type { PulumiOidcIssuer } from "./state";

/** An issuer that answers later than this is as good as none. */
const longestWaitMilliseconds = 5_000;
const discovery = z.object({ jwks_uri: z.url({ protocol: /^https$/ }) });

/**
 * The keys that an issuer publishes, by its discovery document. Its certificate must be one that this machine trusts,
 * or have a registered thumbprint (SHA-256 of the serving certificate, the documented fallback).
 *
 * @throws when the issuer can't be reached or trusted, or has no discovery document
 */
export async function publishedKeys(issuer: PulumiOidcIssuer): Promise<unknown> {
  const url = `${issuer.url.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const { jwks_uri: keysUrl } = discovery.parse(await readJson(url, issuer));
  return readJson(keysUrl, issuer);
}

function readJson(url: string, issuer: PulumiOidcIssuer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Whether the certificate is good is decided below, before anything is read.
    const outgoing = request(url, {
      rejectUnauthorized: false,
      timeout: longestWaitMilliseconds,
      agent: false,
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      if (!isTrusted(issuer, response.socket as TLSSocket)) {
        outgoing.destroy(new Error("its certificate is not trusted and has no registered thumbprint"));
        return;
      }
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        try {
          if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`);
          resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")));
        } catch (error) {
          reject(error);
        }
      });
    });
    outgoing.end();
  });
}

function isTrusted(issuer: PulumiOidcIssuer, socket: TLSSocket): boolean {
  if (socket.authorized) return true;
  const thumbprint = socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
  if (issuer.trustsFirstCertificate) {
    // GUESS: registered without thumbprints, the service looks them up itself; here that happens on first use.
    issuer.thumbprints = [thumbprint];
    delete issuer.trustsFirstCertificate;
  }
  return issuer.thumbprints.some((known) => known.replaceAll(":", "").toLowerCase() === thumbprint);
}
