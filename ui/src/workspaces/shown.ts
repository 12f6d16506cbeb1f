// Which component shows which workspace. One that is not named here has no place on the rail. They are read when
// somebody works here and the wall has been drawn.

import type { Person } from "../ipc/wire";
import { later, type Later } from "../parts/later";
import { mayOpen, WORKSPACES, type Workspace } from "./workspaces";

export const SHOWN: Partial<Record<Workspace, Later>> = {
  map: later(async () => (await import("../map/map-view")).MapView),
  health: later(async () => (await import("../health/health-view")).HealthView),
  inventory: later(async () => (await import("../stock/inventory-view")).InventoryView),
  settings: later(async () => (await import("../settings/settings-view")).SettingsView),
  accounts: later(async () => (await import("../accounts/accounts-view")).AccountsView),
  records: later(async () => (await import("../records/records-view")).RecordsView),
  incidents: later(async () => (await import("../incidents/incidents-view")).IncidentsView),
  me: later(async () => (await import("../me/me-view")).MeView),
};

/** What somebody may open is there before they do. */
export function loadOffered(person: Person | null): void {
  for (const workspace of offered(person)) SHOWN[workspace]?.load();
}

/** What stands on the rail for that person. */
export function offered(person: Person | null): Workspace[] {
  return WORKSPACES.filter((workspace) => (workspace === "wall" || SHOWN[workspace]) && mayOpen(person, workspace));
}
