import type { CameraStatus } from "../ipc/wire";
import { m } from "../paraglide/messages.js";

/** Shape and colour say the same, for those who tell colours badly; closed cameras have none. */
export function CameraDot({ look }: { look: CameraStatus["look"] | undefined }) {
  return <span className="dot" data-look={look ?? "closed"} aria-hidden="true" />;
}

export function lookInWords(status: CameraStatus | undefined): string {
  if (!status) return m.page_look_closed();
  if (status.look === "live") return m.page_look_live();
  return status.text || (status.look === "waiting" ? m.page_look_waiting() : m.page_look_dark());
}
