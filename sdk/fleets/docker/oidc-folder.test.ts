import { expect, it } from "vitest";
import { oidcFolder, oidcFolderProblem } from "./oidc-folder.ts";

const socket = "/var/run/docker.sock";

it.each(["/run/oidc/token", "/var/lib/oidc/token", "/srv/agents/oidc/token"])(
  "%s may be seen by agents",
  (file) => {
    expect(oidcFolderProblem(file, socket)).toBeUndefined();
  },
);

it.each([
  ["/run/token", /agents would see all of \/run, with the Docker socket in it/],
  ["/var/run/token", /with the Docker socket in it/],
  ["/token", /agents would see all of \/,/],
  ["/etc/token", /agents would see all of \/etc:/],
  ["/proc/1/token", /agents would see all of \/proc\/1:/],
  ["/run/oidc/../token", /must be written without .*: \/run\/token/],
  ["/run//oidc/token", /must be written without/],
])("%s may not", (file, reason) => {
  expect(oidcFolderProblem(file, socket)).toMatch(reason);
});

it("a folder with another socket may not either", () => {
  expect(oidcFolderProblem("/srv/docker/token", "/srv/docker/run/docker.sock")).toMatch(/Docker socket/);
  expect(oidcFolderProblem("/srv/dock/token", "/srv/docker/docker.sock")).toBeUndefined();
});

it("is the folder of the file", () => {
  expect(oidcFolder("/run/oidc/token")).toBe("/run/oidc");
});
