import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { Agent, request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clientOf, resource, textAt, valueAt } from "../test/contract/emulator-client.ts";
import { useEmulator } from "../test/contract/use-emulator.ts";
import { emulatorCredentials, emulatorIds } from "./default-seed.ts";
import { startEmulator } from "./emulator.ts";
import { emulatorEnvironment } from "./environment.ts";

const emulator = useEmulator();

describe("a caller", () => {
  test("without a credential gets 401 in the shape of the plane", async () => {
    const pulumi = await clientOf(emulator, "pulumi-cloud", "token wrong")("GET", "/api/user");
    expect([pulumi.status, pulumi.body]).toEqual([
      401,
      { code: 401, message: expect.stringContaining("Unauthorized") },
    ]);
    const hcp = await clientOf(emulator, "hcp-terraform", "Bearer wrong")("GET", "/api/v2/account/details");
    expect([hcp.status, hcp.body]).toEqual([401, { errors: [{ status: "401", title: "unauthorized" }] }]);
    const envZero = await clientOf(emulator, "env-zero", "Basic d3Jvbmc6eA==")("GET", "/organizations");
    expect([envZero.status, envZero.body]).toEqual([401, { message: "Unauthorized" }]);
  });

  test("with the right value under another plane's scheme gets 401", async () => {
    const send = clientOf(emulator, "pulumi-cloud", `Bearer ${emulatorCredentials.pulumiCloudAccessToken}`);
    expect((await send("GET", "/api/user")).status).toBe(401);
  });

  test("from another organization finds nothing on Pulumi Cloud and HCP Terraform", async () => {
    emulator.admin.seed({
      pulumiCloud: [{ organization: "other" }],
      credentials: [
        { plane: "pulumi-cloud", value: "pul-other", kind: "admin", organizations: ["other"] },
        { plane: "hcp-terraform", value: "other", kind: "admin", organizations: ["other"] },
      ],
    });
    const pulumi = clientOf(emulator, "pulumi-cloud", "token pul-other");
    expect((await pulumi("GET", "/api/orgs/acme/agent-pools")).status).toBe(404);
    expect((await pulumi("GET", "/api/orgs/other/agent-pools")).status).toBe(200);
    const hcp = clientOf(emulator, "hcp-terraform", "Bearer other");
    expect((await hcp("GET", "/api/v2/organizations/acme")).status).toBe(404);
  });

  test("who may not manage pools is told so by Pulumi Cloud and env zero, and misled by HCP Terraform", async () => {
    emulator.admin.seed({
      credentials: [
        { plane: "pulumi-cloud", value: "pul-m", kind: "member", organizations: ["acme"] },
        { plane: "hcp-terraform", value: "m", kind: "member", organizations: ["acme"] },
        {
          plane: "env-zero",
          value: "m:m",
          kind: "member",
          organizations: [emulatorIds.envZeroOrganizationId],
        },
      ],
    });
    const pool = { name: "p", description: "" };
    const pulumi = clientOf(emulator, "pulumi-cloud", "token pul-m");
    expect((await pulumi("POST", "/api/orgs/acme/agent-pools", pool)).status).toBe(403);
    const envZero = clientOf(emulator, "env-zero", `Basic ${Buffer.from("m:m").toString("base64")}`);
    const organizationId = emulatorIds.envZeroOrganizationId;
    expect((await envZero("POST", "/agents", { organizationId, name: "p" })).status).toBe(403);
    const hcp = clientOf(emulator, "hcp-terraform", "Bearer m");
    const made = await hcp(
      "POST",
      "/api/v2/organizations/acme/agent-pools",
      resource("agent-pools", { name: "p" }),
    );
    expect(made.status).toBe(404);
  });
});

describe("a request", () => {
  test("to an unknown path gets each plane's own 404", async () => {
    const pulumi = await clientOf(emulator, "pulumi-cloud")("GET", "/api/nothing");
    expect([pulumi.status, pulumi.body]).toEqual([404, "404 page not found\n"]);
    const hcp = await clientOf(emulator, "hcp-terraform")("GET", "/api/v2/nothing");
    expect([hcp.status, valueAt(hcp.body, "errors", 0, "title")]).toEqual([404, "not found"]);
    const envZero = await clientOf(emulator, "env-zero")("GET", "/nothing");
    expect([envZero.status, envZero.body]).toEqual([404, { message: "Not Found" }]);
  });

  test("to HCP Terraform must be JSON:API", async () => {
    const path = "/api/v2/organizations/acme/agent-pools";
    const send = clientOf(emulator, "hcp-terraform");
    const body = resource("agent-pools", { name: "p" });
    expect((await send("POST", path, body, { "content-type": "application/json" })).status).toBe(415);
    expect((await send("POST", path, resource("workspaces", { name: "p" }))).status).toBe(400);
  });

  test("with broken JSON gets 400", async () => {
    expect((await clientOf(emulator, "pulumi-cloud")("POST", "/api/orgs/acme/agent-pools", "{")).status).toBe(
      400,
    );
  });

  test("is answered with a request id and what the plane is known by", async () => {
    const pulumi = await clientOf(emulator, "pulumi-cloud")("GET", "/api/user");
    expect(pulumi.headers.get("x-pulumi-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const hcp = await clientOf(emulator, "hcp-terraform")("GET", "/api/v2/ping");
    expect(hcp.status).toBe(204);
    expect(hcp.headers.get("tfp-appname")).toBe("HCP Terraform");
    expect(hcp.headers.get("tfp-api-version")).not.toBeNull();
  });
});

test("secrets are in no snapshot and no journal", async () => {
  emulator.admin.recordBodies({ enabled: true });
  const made = await clientOf(emulator, "pulumi-cloud")("POST", "/api/orgs/acme/agent-pools", {
    name: "p",
    description: "",
  });
  const everything = JSON.stringify([emulator.admin.snapshot(), emulator.admin.journal()]);
  expect(everything).not.toContain(textAt(made.body, "tokenValue"));
  expect(everything).not.toContain(emulatorCredentials.pulumiCloudAccessToken);
  emulator.admin.recordBodies({ enabled: false });
});

test("stopping ends requests that hang", async () => {
  const other = await startEmulator();
  other.admin.addFault({ kind: "hang" });
  const pending = clientOf(other, "env-zero")("GET", "/organizations");
  const failure = expect(pending).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await other.stop();
  await failure;
});

test("the environment leaves Pulumi's state backend alone", () => {
  const environment = emulatorEnvironment("http://127.0.0.1:8080");
  expect(environment).not.toHaveProperty("PULUMI_BACKEND_URL");
  expect(environment["TFE_HOSTNAME"]).toBe("127.0.0.1:8080");
});

test("with a certificate, one port speaks TLS and plain HTTP", async () => {
  const folder = mkdtempSync(join(tmpdir(), "emulator-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "1", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject], { stdio: "ignore" });
  const secure = await startEmulator({ tls: { key: readFileSync(key), cert: readFileSync(cert) } });
  try {
    const status = await new Promise((resolve, reject) => {
      const agent = new Agent({
        ca: readFileSync(cert),
        servername: "localhost",
        checkServerIdentity: () => undefined,
      });
      httpsRequest(`${secure.secureUrl}/.well-known/terraform.json`, { agent }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(200);
    expect((await clientOf(secure, "env-zero")("GET", "/organizations")).status).toBe(200);
  } finally {
    await secure.stop();
  }
});
