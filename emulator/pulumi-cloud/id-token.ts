import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import { publishedKeys } from "./issuer-keys";
import type { PulumiOidcIssuer } from "./state";

const header = z.object({ alg: z.enum(["RS256", "ES256", "ES384"]), kid: z.string().optional() });
const claims = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  exp: z.number(),
  nbf: z.number().optional(),
});

/** What an OIDC token says. */
export type Claims = z.output<typeof claims>;

const keys = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional() })) });

/** Clocks differ by so much, in seconds. */
const leeway = 30;

/** The claims of a token, not verified; undefined when it isn't one. */
export function readClaims(token: string): Claims | undefined {
  return decoded(claims, token.split(".")[1]);
}

/**
 * Holds a token against the keys of its issuer: those registered with it, else those that it publishes.
 *
 * @returns what is wrong with the token; undefined when nothing is
 */
export async function verifyIdToken(issuer: PulumiOidcIssuer, token: string): Promise<string | undefined> {
  const [encodedHeader = "", encodedClaims = "", signature = ""] = token.split(".");
  const head = decoded(header, encodedHeader);
  const body = decoded(claims, encodedClaims);
  if (head === undefined || body === undefined)
    return "the subject token is not a signed JWT with exp and iss";
  const now = Date.now() / 1000;
  if (body.exp < now - leeway) return "the subject token has expired";
  if (body.nbf !== undefined && body.nbf > now + leeway) return "the subject token is not valid yet";

  let published: unknown;
  try {
    published = issuer.jwks ?? (await publishedKeys(issuer));
  } catch (error) {
    return `the keys of issuer ${issuer.url} can't be read: ${error instanceof Error ? error.message : error}`;
  }
  const known = keys.safeParse(published);
  if (!known.success) return `issuer ${issuer.url} publishes no JWKS`;
  const signed = Buffer.from(`${encodedHeader}.${encodedClaims}`);
  const isSigned = known.data.keys
    .filter(({ kid }) => head.kid === undefined || kid === undefined || kid === head.kid)
    .some((key) => isSignature(head.alg, signed, key, Buffer.from(signature, "base64url")));
  return isSigned ? undefined : `the subject token is not signed by issuer ${issuer.url}`;
}

function isSignature(algorithm: string, signed: Buffer, jwk: object, signature: Buffer): boolean {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  } catch {
    return false;
  }
  const hash = algorithm === "ES384" ? "sha384" : "sha256";
  const type = algorithm === "RS256" ? "rsa" : "ec";
  if (key.asymmetricKeyType !== type) return false;
  return verify(hash, signed, { key, dsaEncoding: "ieee-p1363" }, signature);
}

function decoded<Schema extends z.ZodType>(
  schema: Schema,
  part: string | undefined,
): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
