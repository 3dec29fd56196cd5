/** The host of a URL or of the address of an image. */
export function hostOf(url: string): string | undefined {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?([^/:?#]+)/.exec(url)?.[1];
}

/** Whether a host is of a pattern of `ServiceFacts.hosts`: `*` is one or more labels; between two, also none (`s3.amazonaws.com`). */
export function hostMatches(pattern: string, host: string): boolean {
  const form = pattern.replace(/\.\*\./g, '\u0000').replace(/[.]/g, '\\.').replace(/\*/g, '.+').replace(/\u0000/g, '\\.(.+\\.)?');
  return new RegExp(`^${form}$`, 'i').test(host);
}
