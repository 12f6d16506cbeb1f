// What the page may ask of the program, and what the program tells it. Everything else about either side stays there.

import type {
  Account,
  AccountFields,
  Act,
  Alarm,
  Board,
  BookmarkFields,
  CameraNews,
  Choosing,
  Console,
  DayHeld,
  Desk,
  DeviceEnrolment,
  DeviceNotice,
  Enrolment,
  Errand,
  EvidencePolicy,
  ExportFields,
  Exports,
  FootageStill,
  Foreseen,
  FoundDevice,
  Handover,
  Id,
  ImportOptions,
  ImportPreview,
  IncidentBook,
  IncidentFields,
  Lens,
  Listening,
  LoginKeeping,
  LoginResult,
  Logins,
  LoginTarget,
  Mark,
  MetDevice,
  Monitor,
  MotionFields,
  MotionSearch,
  Notice,
  PackageRead,
  PackageVerdict,
  Period,
  PlayAct,
  Playback,
  Preflight,
  Push,
  Recorded,
  RecordedPicture,
  RecordFilter,
  RecordFormat,
  RecordPage,
  RecordVerdict,
  Role,
  RuleBook,
  Safe,
  Saved,
  SavedFile,
  SavedPicture,
  Session,
  Settings,
  Sharing,
  SharingFields,
  SignIn,
  Status,
  Steering,
  Stock,
  StockFormat,
  StockState,
  Surface,
  TilePoint,
  TourFields,
  Turned,
  Views,
  Watched,
  Weakness,
  ZoneMark,
} from "./wire";

export type Stop = () => void;

/** A promise that is refused carries a `Notice`. What the session doesn't allow is refused by the program itself. */
export interface Backend extends People, Stocks, Records, Boards, Keeping, Looking, Workstations, Hands, Noticing, Playbacks, Motions, Incidents, Evidence, Sound {
  /** Refused while nobody has signed in. */
  load(): Promise<Console>;
  /** The new state comes by `onDesk`; with a number, one that includes the act says so. */
  act(wall: number, act: Act, number?: number): Promise<void>;
  /** What would come of it; null where it would be refused. */
  foresee(wall: number, act: Act): Promise<Foreseen | null>;
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

/** Who works here. A change of the session comes by `onSession`; after a sign-in everything is loaded anew. */
export interface People {
  session(): Promise<Session>;
  onSession(hear: (session: Session) => void): Promise<Stop>;
  /** Only at the first start; signs in. */
  createFirstAccount(account: string, name: string, password: string): Promise<void>;
  signIn(account: string, password: string, code: string | null): Promise<SignIn>;
  signOut(): Promise<void>;
  lock(): Promise<void>;
  unlock(password: string): Promise<void>;
  /** Somebody else takes over; walls go on. */
  handOver(account: string, password: string, code: string | null): Promise<SignIn>;
  /** Somebody is there: told at most twice a minute, or the controls lock. */
  touched(): Promise<void>;
  /** In the simulated province only. */
  playRole(role: Role): Promise<void>;
  changePassword(old: string, password: string): Promise<void>;
  /** While typing: what a new password lacks. Null: for the person who has signed in. */
  weaknesses(account: string | null, password: string): Promise<Weakness[]>;
  beginSecondFactor(password: string): Promise<Enrolment>;
  /** Gives the recovery codes, once. */
  confirmSecondFactor(code: string): Promise<string[]>;
  dropSecondFactor(password: string, code: string): Promise<void>;

  accounts(): Promise<Account[]>;
  createAccount(fields: AccountFields, password: string): Promise<void>;
  changeAccount(fields: AccountFields): Promise<void>;
  setAccountDisabled(account: string, disabled: boolean): Promise<void>;
  /** A new first password; a second factor goes. */
  resetPassword(account: string, password: string): Promise<void>;
  /** After too many wrong tries. */
  releaseAccount(account: string): Promise<void>;

  logins(): Promise<Logins>;
  keepLogins(keeping: LoginKeeping): Promise<void>;
  /** Tries it once on a device. */
  setLogin(target: LoginTarget, user: string, password: string): Promise<LoginResult>;
  removeLogin(target: LoginTarget): Promise<void>;
}

/** The inventory. */
export interface Stocks {
  onStock(hear: (stock: Stock) => void): Promise<Stop>;
  stockState(): Promise<StockState>;
  /** `content`: the file in base64. Changes nothing. */
  previewImport(name: string, content: string, options: ImportOptions): Promise<ImportPreview>;
  applyImport(token: number): Promise<void>;
  /** Who answers at these addresses, or on this machine's networks where none is given. No login is sent. */
  findDevices(addresses: string): Promise<FoundDevice[]>;
  /** The login is tried once. */
  meetDevice(address: string, user: string, password: string): Promise<MetDevice>;
  /** Gives the recorder's id. */
  enrolDevice(enrolment: DeviceEnrolment): Promise<Id>;
  exportStock(format: StockFormat): Promise<SavedFile>;
  /** A folder, an HTTPS address, or null for none; fetches at once. */
  setStockSource(source: string | null): Promise<void>;
  fetchStock(): Promise<void>;
  /** Null: signatures are no longer asked for. */
  enrolKey(key: string | null): Promise<void>;
  /** Gives the public key as text, to be enrolled elsewhere. */
  makeSigningKey(): Promise<string>;
  markZone(mark: ZoneMark): Promise<void>;
}

/** Who did what. */
export interface Records {
  records(filter: RecordFilter, before: number | null): Promise<RecordPage>;
  watched(filter: RecordFilter): Promise<Watched[]>;
  verifyRecords(): Promise<RecordVerdict>;
  exportRecords(filter: RecordFilter, format: RecordFormat): Promise<SavedFile>;
}

/** How everything stands. */
export interface Boards {
  board(): Promise<Board>;
  onNews(hear: (news: CameraNews) => void): Promise<Stop>;
  handover(): Promise<Handover>;
  /** The system's print dialog, for what the page shows then. */
  print(): Promise<void>;
}

/** How lines and viewers are shared with other workstations; for who may change settings. */
export interface Workstations {
  sharing(): Promise<Sharing>;
  setSharing(fields: SharingFields): Promise<void>;
  onSharing(hear: (sharing: Sharing) => void): Promise<Stop>;
}

/** Layouts and tours that people keep. */
export interface Keeping {
  saved(): Promise<Saved>;
  onSaved(hear: (saved: Saved) => void): Promise<Stop>;
  saveLayout(wall: number, name: string, shared: boolean): Promise<void>;
  renameLayout(id: Id, name: string, shared: boolean): Promise<void>;
  openLayout(wall: number, id: Id): Promise<void>;
  removeLayout(id: Id): Promise<void>;
  saveTour(fields: TourFields): Promise<void>;
  removeTour(id: Id): Promise<void>;
  startTour(wall: number, id: Id): Promise<void>;
  pauseTour(wall: number, paused: boolean): Promise<void>;
  stopTour(wall: number): Promise<void>;
}

/** What is kept of single cameras' pictures; how one is looked at is an act. */
export interface Looking {
  views(): Promise<Views>;
  onViews(hear: (views: Views) => void): Promise<Stop>;
  /** How the picture in slot `at` is looked at; the camera's view of the same name is replaced. */
  keepView(wall: number, at: number, name: string): Promise<void>;
  removeView(camera: Id, id: Id): Promise<void>;
  /** Null: as the inventory has it. */
  setLens(camera: Id, lens: Lens | null): Promise<void>;
}

/** Steering cameras. How they stand comes by `onSteering`: of those whose controls are open, and of those that move. */
export interface Hands {
  /** The controls of these cameras are open, and of no others: their devices are met. At most 16. */
  steerLookAt(cameras: Id[]): Promise<void>;
  /** To be said when a hand moves and again at least every 300 ms while it holds: 500 ms of silence stop the camera. */
  steerPush(camera: Id, push: Push): Promise<void>;
  /** Key up, pointer up, focus lost, another tile. Null: no hand is on any camera. */
  steerLetGo(camera: Id | null): Promise<void>;
  /** Answered when the device has. */
  steer(camera: Id, errand: Errand): Promise<void>;
  /** The point of a tile comes to the middle; with `to`, the box between both fills the picture. */
  steerTo(wall: number, at: number, from: TilePoint, to: TilePoint | null): Promise<Turned>;
  /** The picture of a preset: an address that holds it. */
  presetStill(camera: Id, token: string): Promise<string>;
  onSteering(hear: (cameras: Steering[]) => void): Promise<Stop>;
}

/** What is heard. How it stands comes by `onListening`. */
export interface Sound {
  /** This camera is heard, and no other; null: none. */
  listen(camera: Id | null): Promise<void>;
  /** Speaks through this camera; to be said again at least every second while it goes on. Null: no more. */
  talk(camera: Id | null): Promise<void>;
  onListening(hear: (listening: Listening | null) => void): Promise<Stop>;
}

/** Walls that play recordings. Times are microseconds since 1970. */
export interface Playbacks {
  /** From now on the wall shows what its cameras recorded then; the page is told by `onPlayback`. */
  startPlayback(wall: number, at: number): Promise<void>;
  play(wall: number, act: PlayAct): Promise<void>;
  /** Live pictures again. */
  endPlayback(wall: number): Promise<void>;
  /** All walls that play. */
  playback(): Promise<Playback[]>;
  onPlayback(hear: (walls: Playback[]) => void): Promise<Stop>;
  /** What a camera's recorder holds of a period. */
  recorded(camera: Id, period: Period): Promise<Recorded[]>;
  /** What its recorder holds of days. Quickly, by its calendar; `thorough`: what that does not tell is searched for. */
  recordedDays(camera: Id, days: Period[], thorough: boolean): Promise<DayHeld[]>;
  /** A small picture of what a camera of the wall recorded then; one that is up to `withinMs` older is good enough. Null: there
   *  is none, or another place has been asked for since. */
  recordedPicture(wall: number, camera: Id, at: number, withinMs: number): Promise<RecordedPicture | null>;
}

/** Motion that is looked for in recordings; one search a wall, which ends with its playback. */
export interface Motions {
  /** Ends the wall's search before; how it stands comes by `onMotion`. */
  searchMotion(wall: number, fields: MotionFields): Promise<void>;
  /** Stops it; `forget`: what it has found goes, too. */
  endMotionSearch(wall: number, forget: boolean): Promise<void>;
  motionSearches(): Promise<MotionSearch[]>;
  onMotion(hear: (searches: MotionSearch[]) => void): Promise<Stop>;
  /** What the wall shows of a camera, as the camera sends it. Null: nothing. */
  motionStill(wall: number, camera: Id): Promise<RecordedPicture | null>;
  /** The clearest picture of a hit. Null: of a search that is forgotten. */
  motionPicture(wall: number, number: number, hit: number): Promise<RecordedPicture | null>;
}

/** Incidents and bookmarks. */
export interface Incidents {
  incidents(): Promise<IncidentBook>;
  onIncidents(hear: (book: IncidentBook) => void): Promise<Stop>;
  /** Gives the id, here and below. */
  saveIncident(fields: IncidentFields): Promise<Id>;
  closeIncident(id: Id, closed: boolean): Promise<void>;
  noteIncident(id: Id, text: string): Promise<void>;
  /** Its cameras and its time become part of its incident. */
  saveBookmark(fields: BookmarkFields): Promise<Id>;
  removeBookmark(id: Id): Promise<void>;
  incidentReport(id: Id): Promise<SavedFile>;
  safe(): Promise<Safe>;
  onSafe(hear: (safe: Safe) => void): Promise<Stop>;
  /** Copies a bookmark's footage to this machine, in the background. */
  keepBookmark(id: Id): Promise<void>;
  keepBookmarkAgain(id: Id): Promise<void>;
  dropBookmarkCopy(id: Id): Promise<void>;
  /** In GB. */
  setSafeLimit(limit: number): Promise<void>;
}

/** Recordings taken out, and packages of evidence. */
export interface Evidence {
  exports(): Promise<Exports>;
  onExports(hear: (exports: Exports) => void): Promise<Stop>;
  preflightExport(fields: ExportFields): Promise<Preflight>;
  /** A picture of a recording; `at` in microseconds since 1970. */
  footageStill(camera: Id, at: number): Promise<FootageStill>;
  beginExport(fields: ExportFields): Promise<Id>;
  /** With `remove`, what is there of it goes. */
  stopExport(id: Id, remove: boolean): Promise<void>;
  /** With `leaveGaps`, what does not come is named as missing. */
  resumeExport(id: Id, leaveGaps: boolean): Promise<void>;
  /** Gives the sealed file. */
  sealPackage(id: Id, passphrase: string): Promise<string>;
  releasePackage(id: Id, remark: string): Promise<void>;
  verifyPackage(path: string, passphrase: string | null): Promise<PackageVerdict>;
  /** What the person chooses in the system's own dialog, which begins at `at`, or where packages usually are; null: nothing. */
  choosePath(what: Choosing, at: string): Promise<string | null>;
  /** How far a package is read that is checked, sealed or released. */
  onPackageRead(hear: (read: PackageRead) => void): Promise<Stop>;
  evidencePolicy(): Promise<EvidencePolicy>;
  setFourEyes(fourEyes: boolean): Promise<void>;
  enrolEvidenceKey(key: string, owner: string, enrolled: boolean): Promise<void>;
}

/** What devices notice. */
export interface Noticing {
  /** The newest first. */
  deviceNotices(): Promise<DeviceNotice[]>;
  onDeviceNotices(hear: (notices: DeviceNotice[]) => void): Promise<Stop>;
  acknowledgeNotices(lines: number[]): Promise<void>;
  eventRules(): Promise<RuleBook>;
  /** For who keeps things for everybody. */
  setEventRules(book: RuleBook): Promise<void>;
  /** A rule asks for a sound. */
  onAlarm(hear: (alarm: Alarm) => void): Promise<Stop>;
}
