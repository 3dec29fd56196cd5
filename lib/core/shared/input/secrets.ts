/** What stands in an error for something that could be a key, a token or a password. */
const HIDDEN = '<not shown: it could be a secret>';

/** Texts of which nothing is shown: what is secret in them has no certain end. */
const WHOLE = [
  /-----BEGIN/, /LS0tLS1CRUdJTi/, // PEM, and PEM in base64
  /["'\\](d|p|q|dp|dq|qi|oth|k)["'\\]+\s*:/, // private members of a JWK
  /(pass(word|wd|phrase)?|pwd|secret|token|credential|signature|private[-_ ]?key|(access|account|api|shared|auth)[-_ ]?key|\bsig)["'\\]*\s*[:=]\s*["'\\]*[^\s"'\\]/i,
  /\b(bearer|basic)\s+\S{8}/i,
];

/** Secrets by their forms, with what stays of them. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/(\/\/)[^/?#\s]*@/g, `$1${HIDDEN}@`], // user and password of a URL
  [/(?<![^\s"'])(?!(serviceAccount|user|group|mailto|principal):)[^/?#\s]*:[^/?#\s]*@(?=[^\s/@]+\.)/g, `${HIDDEN}@`], // the same without a scheme
  [/\b(A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}/g, HIDDEN], // AWS access keys
  [/\beyJ[\w-]{6,}[\w.-]*/g, HIDDEN], // JSON Web Tokens
  [/\b(gh[a-z]_|github_pat_|glpat-|xox[a-z]-|ya29\.|AIza|sk-|hvs\.|AGE-SECRET-KEY-)[\w.-]{6,}/gi, HIDDEN], // tokens of well-known services, age keys
  [/[\w~.-]{3}\dQ~[\w~.-]{20,}/g, HIDDEN], // client secrets of Entra ID
  [/(?<![\w/+.:=-])(?=[A-Za-z/+]*\d)(?=[A-Z\d/+]*[a-z])(?=[a-z\d/+]*[A-Z])[A-Za-z0-9/+]{40}(?![\w/+.:=-])/g, HIDDEN], // AWS secret access keys
  [/\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{64,}\b/gi, HIDDEN], // keys of 256 bits in hexadecimal
];

/** A text that errors can show: nothing in it that looks like key material. Rather too little of it than a key. */
export function withoutSecrets(text: string): string {
  if (WHOLE.some((pattern) => pattern.test(text))) return HIDDEN;
  const parted = PARTS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return parted.replace(/[A-Za-z0-9+/=_-]{20,}/g, (run) => isRandom(run) ? HIDDEN : run);
}

/** Whether a URL in a text carries a credential: a password, or anything before the `@` where no protocol has a plain user name there. */
export function hasUrlCredential(text: string): boolean {
  return /(https?|oci):\/\/[^/?#\s]*@|:\/\/[^/?#\s@]*:[^/?#\s@]*@/i.test(text);
}

/** Whether a run of letters and digits is of the kind that generators make: names and paths seldom change from one sort of character to another. */
function isRandom(run: string): boolean {
  if (!/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/\d/.test(run)) return false;
  // Any part of it will do: a key may follow a path.
  for (let start = 0; start + WINDOW <= run.length; start++) {
    const window = run.slice(start, start + WINDOW);
    if (!/[a-z]/.test(window) || !/[A-Z]/.test(window)) continue;
    const sorts = [...window].map(sortOf).filter((sort) => sort !== 3);
    if (sorts.filter((sort, index) => index > 0 && sort !== sorts[index - 1]).length >= WINDOW * 0.45) return true;
  }
  return false;
}

const WINDOW = 20;

/** A small letter, a capital, a digit, or something between words. */
function sortOf(char: string): number {
  return /[a-z]/.test(char) ? 0 : /[A-Z]/.test(char) ? 1 : /\d/.test(char) ? 2 : 3;
}
