/** A file to put into a container. */
export interface TarFile {
  readonly path: string;
  readonly content: string;
  /** Permission bits. */
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
}

const BLOCK = 512;

/** An archive of files, in the POSIX form (ustar) that the daemon unpacks. */
export function tar(files: readonly TarFile[]): Buffer {
  return Buffer.concat([...files.flatMap(entry), Buffer.alloc(2 * BLOCK)]);
}

function entry({ path, content, mode, owner, group }: TarFile): Buffer[] {
  const name = path.replace(/^\/+/, "");
  if (Buffer.byteLength(name) > 100) throw new Error(`the path ${path} is too long for a tar archive`);
  const body = Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  const numbers = [
    [100, 8, mode],
    [108, 8, owner],
    [116, 8, group],
    [124, 12, body.length],
    [136, 12, Math.floor(Date.now() / 1000)],
  ] as const;
  for (const [offset, width, value] of numbers)
    header.write(value.toString(8).padStart(width - 1, "0"), offset);
  header.write("        0", 148);
  header.write("ustar\x0000", 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148);
  return [header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)];
}
