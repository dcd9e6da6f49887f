import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { busyboxPath } from "./install.ts";

/** An image made of files of this machine, on nothing. */
export interface ImageDescription {
  /** Name with a tag. */
  readonly name: string;
  /** Programs, statically linked or with their libraries: path here by path in the image. */
  readonly programs: Readonly<Record<string, string>>;
  /** Symbolic links: what each points to. */
  readonly links?: Readonly<Record<string, string>>;
  /** Folders, each owned by a numeric user. */
  readonly folders?: Readonly<Record<string, number>>;
  /** Configuration in the words of a Dockerfile, for example `USER 1000`. */
  readonly changes?: readonly string[];
}

/** Loads an image into a daemon; there is no registry to pull from. */
export async function importImage(client: Docker, image: ImageDescription): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  try {
    const tar = archive(folder, image);
    const [repo, tag] = image.name.split(":");
    const stream = (await client.importImage(tar, {
      repo,
      tag,
      ...(image.changes && { changes: image.changes }),
    })) as unknown as NodeJS.ReadableStream;
    await new Promise((resolve, reject) =>
      client.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output))),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function archive(folder: string, { programs, links = {}, folders = {} }: ImageDescription): string {
  const root = join(folder, "root");
  mkdirSync(root);
  for (const [path, owner] of Object.entries({ "/tmp": 0, "/etc": 0, "/proc": 0, ...folders })) {
    mkdirSync(join(root, path), { recursive: true });
    execFileSync("chown", [`${owner}:${owner}`, join(root, path)]);
  }
  for (const [path, source] of Object.entries(programs)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(source, join(root, path));
    chmodSync(join(root, path), 0o755);
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    execFileSync("ln", ["-s", target, join(root, path)]);
  }
  chmodSync(join(root, "tmp"), 0o1777);
  const tar = join(folder, "image.tar");
  execFileSync("tar", ["--numeric-owner", "-C", root, "-cf", tar, "."]);
  return tar;
}

/** An image with a shell and what Alpine's images have besides, from Debian's statically linked busybox. */
export async function importBusybox(
  client: Docker,
  name: string,
  image: Omit<ImageDescription, "name"> = { programs: {} },
): Promise<void> {
  const applets = ["sh", "cat", "cp", "grep", "ls", "mkdir", "rm", "sleep", "true", "wget"];
  const links = Object.fromEntries(applets.map((applet) => [`/bin/${applet}`, "busybox"]));
  await importImage(client, {
    ...image,
    name,
    programs: { "/bin/busybox": busyboxPath(), ...image.programs },
    links: { ...links, ...image.links },
  });
}
