// A first password to be read out or written down: no letters that look alike, in groups, and of all four classes.

const LOWER = "abcdefghkmnpqrstuvwxyz";
const UPPER = "ABCDEFGHKMNPQRSTUVWXYZ";
const DIGITS = "23456789";
const ALL = LOWER + UPPER + DIGITS;
const GROUPS = 4;
const GROUP = 4;

/** A whole number below `end`, each as likely as the other. */
export type Chance = (end: number) => number;

/** 16 characters of 52 and the dashes between: some 90 bits. */
export function firstPassword(chance: Chance = secure): string {
  for (;;) {
    const groups = Array.from({ length: GROUPS }, () => Array.from({ length: GROUP }, () => ALL[chance(ALL.length)]).join(""));
    const password = groups.join("-");
    if (/[a-z]/.test(password) && /[A-Z]/.test(password) && /\d/.test(password)) return password;
  }
}

function secure(end: number): number {
  const most = 2 ** 32 - (2 ** 32 % end);
  const drawn = new Uint32Array(1);
  do crypto.getRandomValues(drawn);
  while ((drawn[0] ?? 0) >= most);
  return (drawn[0] ?? 0) % end;
}
