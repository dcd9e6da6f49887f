import { expect, it } from "vitest";
import { classifyNetworkError } from "./network-failure.ts";

const url = "https://plane.test";
const failure = (code: string, message = "detail") =>
  classifyNetworkError(Object.assign(new Error(message), { code }), url, 2000);

it.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"])(
  "%s: was not sent, may pass",
  (code) => {
    expect(failure(code)).toMatchObject({ sent: false, temporary: true });
    expect(failure(code).message).not.toContain("detail");
    expect(failure(code).advice).toContain("HTTPS_PROXY");
  },
);

it.each(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "UND_ERR_SOCKET", "ECONNRESET", "EPIPE"])(
  "%s: may have been sent, may pass",
  (code) => {
    expect(failure(code)).toMatchObject({ sent: true, temporary: true });
    expect(failure(code).message).not.toContain("detail");
    expect(failure(code).advice).toContain("again");
  },
);

it.each([
  "CERT_HAS_EXPIRED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
])("%s: was not sent, does not pass", (code) => {
  expect(failure(code)).toMatchObject({
    sent: false,
    temporary: false,
    message: `${url}: TLS failed: detail`,
  });
  expect(failure(code).advice).toContain("NODE_EXTRA_CA_CERTS");
});

it.each(["ERR_INVALID_URL", "UND_ERR_INVALID_ARG"])(
  "%s: a URL that cannot be used is not tried again",
  (code) => {
    expect(failure(code)).toMatchObject({ sent: false, temporary: false, message: `${url}: detail` });
  },
);

it("takes what it does not know for sent", () => {
  expect(failure("EWHATEVER")).toMatchObject({ sent: true, temporary: true, message: `${url}: detail` });
  for (const odd of ["odd", null, undefined, { code: 7 }, { cause: null }])
    expect(classifyNetworkError(odd, url, 1)).toMatchObject({ sent: true, message: `${url}: ${odd}` });
});

it("finds the code in a cause", () => {
  const inner = Object.assign(new Error("inner"), { code: "ECONNREFUSED" });
  expect(classifyNetworkError(new Error("outer", { cause: inner }), url, 1)).toMatchObject({ sent: false });
});
