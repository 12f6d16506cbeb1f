// What is kept of single cameras' pictures.

import type { CameraViews, Id, Views } from "../ipc/wire";

export const NO_VIEWS: Views = { cameras: [], lenses: [] };

const NOTHING: CameraViews = { camera: "", presets: [], lens: null, by_hand: false };

export function viewsOf(views: Views, camera: Id | null): CameraViews {
  return views.cameras.find((each) => each.camera === camera) ?? NOTHING;
}
