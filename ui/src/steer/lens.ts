// A lens as people write it, and as the program has it: tenths of a degree, thousandths of distortion.

import type { Lens, Projection } from "../ipc/wire";

export type LensText = { horizontal: string; vertical: string; projection: Projection; distortion: string };

export const NO_LENS: LensText = { horizontal: "", vertical: "", projection: "f_theta", distortion: "0" };

export function textOf(lens: Lens, comma: boolean): LensText {
  const text = (value: number) => String(value).replace(".", comma ? "," : ".");
  return {
    horizontal: text(lens.horizontal / 10),
    vertical: text(lens.vertical / 10),
    projection: lens.projection,
    distortion: text(lens.distortion / 10),
  };
}

/** Null where it is no lens: angles from 1 to 160 degrees, distortion from -20 to 25 percent. */
export function lensOf(text: LensText): Lens | null {
  const horizontal = figure(text.horizontal, 1, 160);
  const vertical = figure(text.vertical, 1, 160);
  const distortion = figure(text.distortion, -20, 25);
  if (horizontal === null || vertical === null || distortion === null) return null;
  return { horizontal, vertical, projection: text.projection, distortion };
}

/** Tenths. */
function figure(text: string, least: number, most: number): number | null {
  if (text.trim() === "") return null;
  const value = Number(text.trim().replace(",", "."));
  return value >= least && value <= most ? Math.round(value * 10) : null;
}
