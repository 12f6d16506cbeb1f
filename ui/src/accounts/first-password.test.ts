import { expect, test } from "vitest";
import { firstPassword } from "./first-password";

test("is of all four classes, in groups, and never the same", () => {
  const all = Array.from({ length: 500 }, () => firstPassword());
  for (const password of all) {
    expect(password).toMatch(/^[a-zA-Z2-9]{4}(-[a-zA-Z2-9]{4}){3}$/);
    expect(password).toMatch(/[a-z]/);
    expect(password).toMatch(/[A-Z]/);
    expect(password).toMatch(/\d/);
    expect(password).not.toMatch(/[lIiOoJj01]/);
  }
  expect(new Set(all).size).toBe(500);
});

test("draws again while a class is missing", () => {
  // First only letters in lower case, then in turn.
  let drawn = 0;
  const password = firstPassword((end) => {
    drawn += 1;
    return drawn <= 16 ? 0 : (drawn * 7) % end;
  });
  expect(drawn).toBeGreaterThan(16);
  expect(password).not.toContain("aaaa-aaaa");
});
