// Whether a tile is dark for want of a login, and for which device one would help.

import type { CameraStatus, Id, LoginTarget } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";

/** The status says why in words, and they are these: page and program take them from the same file. */
export function lacksLogin({ look, text }: CameraStatus): boolean {
  if (look !== "dark") return false;
  return (["vi", "en"] as const).some(
    (locale) =>
      [m.fault_password_required, m.fault_password_refused, m.barred_refused].some((words) => text === words({}, { locale })),
  );
}

/** The camera's recorder; null where a login is not what is missing, or not for this person to enter. */
export function useMissingLogin(camera: Id | null): LoginTarget | null {
  const app = useApp();
  const status = useStore(app.cameras, (all) => (camera === null ? undefined : all.get(camera)));
  const recorder = useStore(app.inventory, (inventory) => (camera === null ? undefined : inventory.places.get(camera)?.recorder));
  if (!status || !lacksLogin(status) || !recorder || !app.may("enter_credentials")) return null;
  return { kind: "recorder", id: recorder.id };
}
