import type { RecordKind } from "../ipc/wire";
import { m } from "../paraglide/messages.js";

export const KINDS: RecordKind[] = [
  "presence",
  "watching",
  "moving",
  "playback",
  "evidence",
  "layouts",
  "logins",
  "accounts",
  "changes",
  "denials",
  "log",
];

export function kindInWords(kind: RecordKind): string {
  switch (kind) {
    case "presence":
      return m.page_kind_presence();
    case "accounts":
      return m.page_kind_accounts();
    case "logins":
      return m.page_kind_logins();
    case "watching":
      return m.page_kind_watching();
    case "evidence":
      return m.page_kind_evidence();
    case "moving":
      return m.page_kind_moving();
    case "playback":
      return m.page_kind_playback();
    case "layouts":
      return m.page_kind_layouts();
    case "changes":
      return m.page_kind_changes();
    case "denials":
      return m.page_kind_denials();
    case "log":
      return m.page_kind_log();
  }
}
