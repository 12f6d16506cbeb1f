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
    foresee: (wall, act) => invoke("foresee", { wall, act }),
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

    session: () => invoke("session"),
    onSession: on("session"),
    createFirstAccount: (account, name, password) => invoke("create_first_account", { account, name, password }),
    signIn: (account, password, code) => invoke("sign_in", { account, password, code }),
    signOut: () => invoke("sign_out"),
    lock: () => invoke("lock"),
    unlock: (password) => invoke("unlock", { password }),
    handOver: (account, password, code) => invoke("hand_over", { account, password, code }),
    touched: () => invoke("touched"),
    playRole: (role) => invoke("play_role", { role }),
    changePassword: (old, password) => invoke("change_password", { old, password }),
    weaknesses: (account, password) => invoke("weaknesses", { account, password }),
    beginSecondFactor: (password) => invoke("begin_second_factor", { password }),
    confirmSecondFactor: (code) => invoke("confirm_second_factor", { code }),
    dropSecondFactor: (password, code) => invoke("drop_second_factor", { password, code }),
    accounts: () => invoke("accounts"),
    createAccount: (fields, password) => invoke("create_account", { fields, password }),
    changeAccount: (fields) => invoke("change_account", { fields }),
    setAccountDisabled: (account, disabled) => invoke("set_account_disabled", { account, disabled }),
    resetPassword: (account, password) => invoke("reset_password", { account, password }),
    releaseAccount: (account) => invoke("release_account", { account }),
    logins: () => invoke("logins"),
    keepLogins: (keeping) => invoke("keep_logins", { keeping }),
    setLogin: (target, user, password) => invoke("set_login", { target, user, password }),
    removeLogin: (target) => invoke("remove_login", { target }),

    onStock: on("stock"),
    stockState: () => invoke("stock_state"),
    previewImport: (name, content, options) => invoke("preview_import", { name, content, options }),
    applyImport: (token) => invoke("apply_import", { token }),
    exportStock: (format) => invoke("export_stock", { format }),
    setStockSource: (source) => invoke("set_stock_source", { source }),
    fetchStock: () => invoke("fetch_stock"),
    enrolKey: (key) => invoke("enrol_key", { key }),
    makeSigningKey: () => invoke("make_signing_key"),
    markZone: (mark) => invoke("mark_zone", { mark }),

    records: (filter, before) => invoke("records", { filter, before }),
    watched: (filter) => invoke("watched", { filter }),
    verifyRecords: () => invoke("verify_records"),
    exportRecords: (filter, format) => invoke("export_records", { filter, format }),

    board: () => invoke("board"),
    onNews: on("news"),
    handover: () => invoke("handover"),
    print: () => invoke("print"),

    sharing: () => invoke("sharing"),
    setSharing: (fields) => invoke("set_sharing", { fields }),
    onSharing: on("sharing"),

    saved: () => invoke("saved"),
    onSaved: on("saved"),
    saveLayout: (wall, name, shared) => invoke("save_layout", { wall, name, shared }),
    renameLayout: (id, name, shared) => invoke("rename_layout", { id, name, shared }),
    openLayout: (wall, id) => invoke("open_layout", { wall, id }),
    removeLayout: (id) => invoke("remove_layout", { id }),
    saveTour: (fields) => invoke("save_tour", { fields }),
    removeTour: (id) => invoke("remove_tour", { id }),
    startTour: (wall, id) => invoke("start_tour", { wall, id }),
    pauseTour: (wall, paused) => invoke("pause_tour", { wall, paused }),
    stopTour: (wall) => invoke("stop_tour", { wall }),

    views: () => invoke("views"),
    onViews: on("views"),
    keepView: (wall, at, name) => invoke("keep_view", { wall, at, name }),
    removeView: (camera, id) => invoke("remove_view", { camera, id }),
    setLens: (camera, lens) => invoke("set_lens", { camera, lens }),

    steerLookAt: (cameras) => invoke("steer_look_at", { cameras }),
    steerPush: (camera, push) => invoke("steer_push", { camera, push }),
    steerLetGo: (camera) => invoke("steer_let_go", { camera }),
    steer: (camera, errand) => invoke("steer", { camera, errand }),
    steerTo: (wall, at, from, to) => invoke("steer_to", { wall, at, from, to }),
    onSteering: on("steering"),

    deviceNotices: () => invoke("device_notices"),
    onDeviceNotices: on("device_notices"),
    acknowledgeNotices: (lines) => invoke("acknowledge_notices", { lines }),
    eventRules: () => invoke("event_rules"),
    setEventRules: (book) => invoke("set_event_rules", { book }),
    onAlarm: on("alarm"),
  };
}
