// The backend of the desktop program.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend, Stop } from "./backend";

function on<T>(event: string): (hear: (payload: T) => void) => Promise<Stop> {
  return (hear) => listen<T>(event, ({ payload }) => hear(payload));
}

export function connect(): Backend {
  return {
    load: () => invoke("load"),
    act: (wall, act) => invoke("act", { wall, act }),
    undo: () => invoke("undo"),
    redo: () => invoke("redo"),
    openWall: (monitor) => invoke("open_wall", { monitor }),
    moveWall: (wall, monitor) => invoke("move_wall", { wall, monitor }),
    closeWall: (wall) => invoke("close_wall", { wall }),
    setSurface: (surface) => invoke("set_surface", { surface }),
    setMark: (wall, mark) => invoke("set_mark", { wall, mark }),
    savePicture: (wall, at, format) => invoke("save_picture", { wall, at, format }),
    setSettings: (settings) => invoke("set_settings", { settings }),
    quit: (walls) => invoke("quit", { walls }),
    onDesk: on("desk"),
    onStatus: on("status"),
    onMonitors: on("monitors"),
    onSettings: on("settings"),
    onNotice: on("notice"),
    onCloseAsked: (hear) => on<unknown>("close_asked")(() => hear()),
  };
}
