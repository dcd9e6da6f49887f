import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** A private certificate authority. */
export interface Authority {
  /** PEM, for whoever is to trust it. */
  readonly certificate: string;
  /** Signs a certificate, for servers and clients alike. */
  issue(name: string, addresses?: readonly string[]): Identity;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority with OpenSSL; its certificates are good for a day. */
export function createAuthority(name = "Test authority"): Authority {
  const authority = inFolder((folder) => {
    const files = ["-keyout", join(folder, "key"), "-out", join(folder, "certificate")];
    openssl(["req", "-x509", ...newKey, "-days", "1", "-subj", `/CN=${name}`, ...files]);
    return identityIn(folder);
  });
  return {
    certificate: authority.certificate,
    issue: (subject, addresses = []) => inFolder((folder) => issued(folder, authority, subject, addresses)),
  };
}

function issued(folder: string, authority: Identity, name: string, addresses: readonly string[]): Identity {
  const [request, extensions] = [join(folder, "request"), join(folder, "extensions")];
  const [caKey, caCertificate] = [join(folder, "ca-key"), join(folder, "ca-certificate")];
  writeFileSync(caKey, authority.key, { mode: 0o600 });
  writeFileSync(caCertificate, authority.certificate);
  const names = addresses.map((address) => `IP:${address}`).join(",");
  const usage = "extendedKeyUsage = serverAuth, clientAuth\n";
  writeFileSync(extensions, names === "" ? usage : `${usage}subjectAltName = ${names}\n`);
  openssl([
    "req",
    "-new",
    ...newKey,
    "-subj",
    `/CN=${name}`,
    "-keyout",
    join(folder, "key"),
    "-out",
    request,
  ]);
  const signing = ["-CA", caCertificate, "-CAkey", caKey, "-CAcreateserial", "-days", "1"];
  const files = ["-in", request, "-extfile", extensions, "-out", join(folder, "certificate")];
  openssl(["x509", "-req", ...signing, ...files]);
  return identityIn(folder);
}

function openssl(args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

function identityIn(folder: string): Identity {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return { certificate: read("certificate"), key: read("key") };
}

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
