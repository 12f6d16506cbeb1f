import { expect, test } from "vitest";
import type { Lens } from "../ipc/wire";
import { lensOf, NO_LENS, textOf } from "./lens";

const WIDE: Lens = { horizontal: 1016, vertical: 541, projection: "f_theta", distortion: 79 };

test("a lens is written and read with a comma and with a point", () => {
  expect(textOf(WIDE, true)).toEqual({ horizontal: "101,6", vertical: "54,1", projection: "f_theta", distortion: "7,9" });
  expect(textOf(WIDE, false).horizontal).toBe("101.6");
  expect(lensOf(textOf(WIDE, true))).toEqual(WIDE);
  expect(lensOf(textOf(WIDE, false))).toEqual(WIDE);
});

test("what is no lens gives none", () => {
  const text = textOf(WIDE, false);
  expect(lensOf(NO_LENS)).toBeNull();
  for (const bad of ["", "0", "161", "abc", "1e9", "NaN"]) expect(lensOf({ ...text, horizontal: bad })).toBeNull();
  for (const bad of ["", "26", "-21", "x"]) expect(lensOf({ ...text, distortion: bad })).toBeNull();
});
