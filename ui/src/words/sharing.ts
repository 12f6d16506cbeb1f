// How this workstation stands with the others, in few words.

import type { SharingStatus } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { workstations } from "./counts";

export function sharingInWords({ state, clients }: SharingStatus): string {
  switch (state) {
    case "alone":
      return m.page_sharing_alone();
    case "connecting":
      return m.page_sharing_connecting();
    case "lost":
      return m.page_sharing_lost();
    case "connected":
      return clients > 1 ? workstations(clients - 1) : m.page_sharing_with_nobody();
  }
}
