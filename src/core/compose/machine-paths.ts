const folder =
  /^(?:\/|\/(?:boot|dev|etc|lib|lib64|proc|sys|usr|root|run|var\/run|var\/lib\/docker)|~\/\.ssh|\/root\/\.ssh)\/?$/;
const below = /^\/(?:bin|boot|dev|etc|lib|lib64|proc|root|run|sbin|sys|usr|var)(?:\/|$)/;
/** What tells a container the time or the name of the machine. */
const harmless = /^\/etc\/(?:localtime|timezone|machine-id|hostname)$/;

/** Whether a path is a folder that the machine itself lives from. */
export function isMachineFolder(path: string): boolean {
  return folder.test(path);
}

/** Whether a path lies within such a folder, and is more than what every container may know. */
export function isWithinMachine(path: string, readOnly: boolean): boolean {
  return below.test(path) && !folder.test(path) && !(readOnly && harmless.test(path));
}

/** Whether a path is the socket of a container engine. */
export function isEngineSocket(path: string): boolean {
  return /(?:^|[\\/])(?:docker|containerd|podman|crio)\.sock$/.test(path);
}
