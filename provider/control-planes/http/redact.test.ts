import { describe, expect, it } from "vitest";
import {
  newEnvZeroAgentSecret,
  newHcpTerraformToken,
  newPulumiToken,
} from "../../../emulator/identifiers.ts";
import { planes } from "../planes.ts";
import { ControlPlaneError } from "./error.ts";
import { redact, registerSecret, registerSecretShapes } from "./redact.ts";

const jsonWebToken = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.c2lnbmF0dXJl-_x";

/** Secrets as the control planes hand them out. None of them was registered. */
const handedOut: readonly [name: string, make: () => string][] = [
  ["a token of Pulumi Cloud", newPulumiToken],
  ["a token of Pulumi Cloud in capitals", () => newPulumiToken().toUpperCase()],
  ["a token of HCP Terraform", newHcpTerraformToken],
  ["an agent secret of env zero", () => newEnvZeroAgentSecret("6f0c-1b")],
  ["a JSON web token", () => jsonWebToken],
  ["a header with a bearer token", () => "Bearer c29tZS1iZWFyZXItdG9rZW4="],
  ["a header with user and password", () => "Basic dXNlcjpwYXNzd29yZC1vZi11c2Vy"],
];

describe("redact", () => {
  it.each(handedOut)("strikes %s from any text, wherever it stands", (_, make) => {
    const [first, second] = [make(), make()];
    expect(redact(first)).toBe("[secret]");
    expect(redact(`{"token":"${first}","other":"${second}"}`)).toBe(
      '{"token":"[secret]","other":"[secret]"}',
    );
    expect(redact(`token=${first}&x=1, then\n${second}: refused`)).toBe(
      "token=[secret]&x=1, then\n[secret]: refused",
    );
  });

  it.each(handedOut)("leaves nothing of %s in an error of a control plane", (_, make) => {
    const secret = make();
    const error = new ControlPlaneError({
      plane: "Some Plane",
      operation: `use ${secret}`,
      message: `bad: ${secret}`,
      advice: `replace ${secret}`,
    }).with({ message: `still bad: ${secret}` });
    const texts = [error.message, error.vendorMessage, error.advice, (error.cause as Error).message];
    for (const text of texts) {
      expect(text).toContain("[secret]");
      expect(text).not.toContain(secret);
    }
  });

  it.each([
    "pul-1234 is no token, nor are pul-request and impul-0123456789abcdef0123",
    "workspace app.atlasv1.network, agent env0agent, Bearer token, Basic auth",
    "apool-yoGUFz5zcRMMz53i and ws-6fHMCom98SDXSQUv of organization acme",
    "request id 0af7651916cd43dd8448eb211c80319c",
  ])("leaves innocent words: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("knows the shapes of all control planes, each of which finds every secret of a text", () => {
    for (const { secretShapes } of planes) {
      expect(secretShapes).not.toEqual([]);
      for (const shape of secretShapes) expect(shape.global).toBe(true);
    }
    expect(() => registerSecretShapes([/once/])).toThrow("/once/, lacks the flag g");
    registerSecretShapes([/wallaby-\d+/g]);
    expect(redact("once wallaby-1, wallaby-x and wallaby-23")).toBe("once [secret], wallaby-x and [secret]");
  });

  it("strikes what was registered, whole also where one secret is a part of another", () => {
    registerSecret("kangaroo");
    registerSecret("red-kangaroo-jump");
    registerSecret(undefined);
    registerSecret("short");
    expect(redact("kangaroo, red-kangaroo-jump, kangaroo, short")).toBe(
      "[secret], [secret], [secret], short",
    );
    registerSecret("secret]");
    expect(redact("kangaroo, [secret]")).toBe("[secret], [[secret]");
    registerSecret("sixsix");
    expect(redact("sixsix")).toBe("[secret]");
  });
});
