// What the page may ask of the program, and what the program tells it. Everything else about either side stays there.

import type { Act, Console, Desk, Mark, Monitor, Notice, SavedPicture, Settings, Status, Surface } from "./wire";

export type Stop = () => void;

/** A promise that is refused carries a `Notice`. */
export interface Backend {
  load(): Promise<Console>;
  /** The new state comes by `onDesk`. */
  act(wall: number, act: Act): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  openWall(monitor: string): Promise<void>;
  moveWall(wall: number, monitor: string): Promise<void>;
  closeWall(wall: number): Promise<void>;
  setSurface(surface: Surface): Promise<void>;
  setMark(wall: number, mark: Mark | null): Promise<void>;
  savePicture(wall: number, at: number, format: "png" | "jpeg"): Promise<SavedPicture>;
  setSettings(settings: Settings): Promise<void>;
  /** The answer to `onCloseAsked`: "keep" leaves the walls on their monitors and closes the page only. */
  quit(walls: "keep" | "close"): Promise<void>;

  onDesk(hear: (desk: Desk) => void): Promise<Stop>;
  onStatus(hear: (status: Status) => void): Promise<Stop>;
  onMonitors(hear: (monitors: Monitor[]) => void): Promise<Stop>;
  /** Settings that were changed elsewhere: by a key on a wall window, say. */
  onSettings(hear: (settings: Settings) => void): Promise<Stop>;
  onNotice(hear: (notice: Notice) => void): Promise<Stop>;
  onCloseAsked(hear: () => void): Promise<Stop>;
}
