// What an act will surely make of a wall. Shown until the program has answered, so that keys that follow each other
// faster than it does start from what the person means. These acts are absolute: applied twice they do the same.

import type { Act, Slot, Wall } from "../ipc/wire";

export function isForeseen(act: Act): boolean {
  return act.kind === "select" || act.kind === "page" || act.kind === "fit" || act.kind === "turn";
}

export function foreseen(wall: Wall, act: Act): Wall {
  switch (act.kind) {
    case "select":
      return { ...wall, selected: act.at };
    case "page":
      return { ...wall, page: Math.min(Math.max(0, act.page), wall.pages - 1), enlarged: null };
    case "fit":
      return withSlot(wall, act.at, { fit: act.fit });
    case "turn":
      return withSlot(wall, act.at, { turn: act.turn });
    default:
      return wall;
  }
}

function withSlot(wall: Wall, at: number, fields: Partial<Slot>): Wall {
  return { ...wall, slots: wall.slots.map((slot, index) => (index === at ? { ...slot, ...fields } : slot)) };
}
