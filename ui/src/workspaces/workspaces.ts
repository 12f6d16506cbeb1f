// What the console has besides the wall, and who may go there. The rail shows what is allowed; the program checks again.

import type { Action, Person } from "../ipc/wire";

export type Workspace = "wall" | "map" | "health" | "inventory" | "accounts" | "records" | "me" | "settings" | "incidents";

/** In the order of the rail; a place's number is also its key, whoever works, so that hands can learn it. */
export const WORKSPACES: Workspace[] = ["wall", "map", "health", "inventory", "accounts", "records", "me", "settings", "incidents"];

const SEEING: Action[] = ["view", "mark_zones", "manage_inventory"];

/** One of these actions opens it; none are asked for where everybody may go. */
const OPENED_BY: Record<Workspace, Action[]> = {
  wall: ["view", "arrange_walls"],
  map: SEEING,
  health: SEEING,
  inventory: ["manage_inventory"],
  accounts: ["manage_accounts"],
  records: ["read_audit"],
  me: [],
  settings: [],
  incidents: ["playback", "export", "manage_settings", "read_audit"],
};

export function mayOpen(person: Person | null, workspace: Workspace): boolean {
  if (!person) return false;
  const by = OPENED_BY[workspace];
  return by.length === 0 || by.some((action) => person.may.includes(action));
}

/** Who watches starts at the wall; an administrator or an auditor at what they are there for. */
export function firstWorkspace(person: Person): Workspace {
  const order: Workspace[] = ["wall", "accounts", "inventory", "records", "me"];
  return order.find((workspace) => mayOpen(person, workspace)) ?? "me";
}
