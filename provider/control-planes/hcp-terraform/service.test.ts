import { describe, expect, it } from "vitest";
import { other, refusal, sent, tfe } from "../testing/situations.ts";

describe("Terraform's variable for a host", () => {
  it.each([
    ["https://tfe.my-company.test", "TF_TOKEN_tfe_my__company_test"],
    ["https://tfe.my-company.test", "TF_TOKEN_tfe_my-company_test"],
    ["https://TFE.acme.test", "TF_TOKEN_TFE_ACME_TEST"],
    ["https://tfe.bücher.test", "TF_TOKEN_tfe_bücher_test"],
    ["https://tfe.bücher.test", "TF_TOKEN_tfe_xn--bcher-kva_test"],
    ["https://tfe.bücher.test", "TF_TOKEN_tfe_xn____bcher__kva_test"],
    ["https://tfe.acme.test:8443", "TF_TOKEN_tfe_acme_test"],
    ["https://tfe.acme.test:8443", "TF_TOKEN_tfe_acme_test:8443"],
  ])("for %s is %s", (url, variable) => {
    expect(sent("hcp-terraform", url, { environment: { [variable]: "by-host" } })).toEqual({
      token: "by-host",
    });
    const missing = refusal("hcp-terraform", other, { environment: { [variable]: "by-host" } });
    expect(missing).toContain("TF_TOKEN_other_test");
  });

  it("is no other that ends like it, and none that is empty", () => {
    const ending = { XX_TOKEN_tfe_acme_test: "ending" };
    expect(refusal("hcp-terraform", tfe, { environment: ending })).toContain("TF_TOKEN_tfe_acme_test");
    const empty = { ...ending, TF_TOKEN_tfe_acme_test: "", TF_TOKEN_TFE_ACME_TEST: "by-host" };
    expect(sent("hcp-terraform", tfe, { environment: empty })).toEqual({ token: "by-host" });
  });

  it("prefers the one with the port", () => {
    const environment = {
      TF_TOKEN_tfe_acme_test: "token-of-443",
      "TF_TOKEN_tfe_acme_test:8443": "token-of-8443",
    };
    expect(sent("hcp-terraform", "https://tfe.acme.test:8443", { environment })).toEqual({
      token: "token-of-8443",
    });
    expect(sent("hcp-terraform", "https://tfe.acme.test", { environment })).toEqual({
      token: "token-of-443",
    });
  });
});
