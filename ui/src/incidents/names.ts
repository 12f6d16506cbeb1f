// What people call cameras of incidents.

import type { Id } from "../ipc/wire";
import type { Inventory } from "../state/inventory";

export function cameraName(inventory: Inventory, id: Id): string {
  const place = inventory.places.get(id);
  return place ? `${place.camera.name}, ${place.site.name}` : id;
}

export function cameraNames(inventory: Inventory, ids: readonly Id[]): string {
  return ids.map((id) => cameraName(inventory, id)).join("; ");
}
