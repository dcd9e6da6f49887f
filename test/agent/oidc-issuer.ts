import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { emptyFolder } from "./start-agent.ts";

/** An issuer of OIDC tokens on loopback: discovery document and JWKS over TLS, with a certificate of its own making. */
export interface OidcIssuer {
  url: string;
  /** SHA-256 of its certificate, hexadecimal. */
  thumbprint: string;
  /** A signed token; `iss` and, unless given, `exp` in an hour are added. */
  issue: (claims: Record<string, unknown>) => string;
  stop: () => Promise<void>;
}

/** Starts an issuer. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const identity = selfSigned();
  const server = createServer(identity, (message, response) => {
    const documents: Record<string, object> = {
      "/.well-known/openid-configuration": { issuer: url, jwks_uri: `${url}/keys` },
      "/keys": { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] },
    };
    const document = documents[message.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    thumbprint: new X509Certificate(identity.cert).fingerprint256.replaceAll(":", "").toLowerCase(),
    issue: (claims) => signedToken(privateKey, { iss: url, exp: seconds() + 3600, ...claims }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function selfSigned(): { key: Buffer; cert: Buffer } {
  const folder = emptyFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const options = ["-subj", "/CN=127.0.0.1", "-days", "1", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...options], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

function signedToken(key: KeyObject, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ alg: "RS256", kid: "1", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
