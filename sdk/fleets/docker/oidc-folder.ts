import { posix } from "node:path";

/** Folders that hold what is not for agents, on one host or another. */
const systemFolders = new Set([
  ..."/ /bin /boot /dev /etc /home /lib /media /mnt /opt /proc /root /run /run/lock /run/user".split(" "),
  ..."/sbin /srv /sys /tmp /usr /usr/local /var /var/lib /var/log /var/run /var/tmp".split(" "),
]);

/** Folder on the host that agents see for the sake of an OIDC token, without a slash at the end. */
export function oidcFolder(tokenFile: string): string {
  return posix.dirname(tokenFile);
}

/**
 * What is wrong with the place of an OIDC token. Agents see its whole folder: a file that is mounted by itself stays what
 * it was when another one is renamed over it.
 * @param dockerSocket path of the daemon's socket on the host.
 */
export function oidcFolderProblem(tokenFile: string, dockerSocket: string): string | undefined {
  const path = posix.normalize(tokenFile);
  if (path !== tokenFile) return `must be written without "." and ".." and double slashes: ${path}`;
  const folder = oidcFolder(path);
  // `/var/run` is a link to `/run` nearly everywhere.
  const sockets = [dockerSocket, dockerSocket.replace(/^\/var\/run\//, "/run/")];
  const holdsSocket = sockets.some((socket) => folder === "/" || socket.startsWith(`${folder}/`));
  if (!systemFolders.has(folder) && !/^\/(dev|proc|sys)\//.test(folder) && !holdsSocket) return undefined;
  return `must be in a folder of its own, and agents would see all of ${folder}${holdsSocket ? ", with the Docker socket in it" : ""}: let what renews the token write it into a folder that holds nothing else, for example /run/oidc/token`;
}
