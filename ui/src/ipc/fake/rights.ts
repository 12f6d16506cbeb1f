// What each role may do, as the program decides it.

import type { Action, Role } from "../wire";

const WATCHING: Action[] = ["view", "listen", "arrange_walls", "enter_credentials"];

const MAY: Record<Role, Action[]> = {
  administrator: ["manage_accounts", "manage_inventory", "manage_settings", "mark_zones"],
  supervisor: [...WATCHING, "talk", "move", "playback", "export", "share_layouts", "mark_zones"],
  operator: [...WATCHING, "talk", "move", "playback", "export"],
  viewer: WATCHING,
  auditor: ["read_audit"],
};

export const mayOf = (role: Role): Action[] => MAY[role];
