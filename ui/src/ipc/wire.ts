// Made from the program's own types (src-tauri/src/wire) by `make wire`: change them there.

/**
 * An account, as an administrator sees it.
 */
export type Account = { 
/**
 * What they sign in with.
 */
account: string, 
/**
 * As colleagues call them.
 */
name: string, 
/**
 * What they work as.
 */
role: Role, 
/**
 * Which cameras that holds for.
 */
scope: Scope, 
/**
 * May not sign in.
 */
disabled: boolean, 
/**
 * Too many wrong tries: until then, in milliseconds since 1970.
 */
locked_until: number | null, 
/**
 * A code is asked for at sign-in.
 */
second_factor: boolean, 
/**
 * It has to be added at the next sign-in, if it is not there, and can't be dropped.
 */
second_factor_required: boolean, 
/**
 * Has to choose a password of their own at the next sign-in.
 */
must_change: boolean, 
/**
 * Milliseconds since 1970.
 */
last_sign_in: number | null, 
/**
 * Role and scope come with the signed inventory and can't be changed here.
 */
from_inventory: boolean, };

/**
 * An account to be made, or what is to hold for it from now on.
 */
export type AccountFields = { 
/**
 * What they sign in with.
 */
account: string, 
/**
 * As colleagues call them.
 */
name: string, 
/**
 * What they work as.
 */
role: Role, 
/**
 * Which cameras that holds for.
 */
scope: Scope, 
/**
 * A second factor has to be added at the next sign-in and can't be dropped.
 */
second_factor_required: boolean, };

/**
 * What a person does to a wall. Indices are into slots.
 */
export type Act = { "kind": "layout", 
/**
 * The new one.
 */
layout: Layout, } | { "kind": "place", 
/**
 * The first tile.
 */
at: number | null, 
/**
 * What is put there.
 */
subject: Subject, } | { "kind": "overview" } | { "kind": "leave_out", 
/**
 * Which.
 */
cameras: Array<Id>, } | { "kind": "pictures", 
/**
 * From now on.
 */
pictures: Pictures, } | { "kind": "clear", 
/**
 * Which.
 */
at: number, } | { "kind": "empty" } | { "kind": "swap", 
/**
 * The one.
 */
a: number, 
/**
 * The other.
 */
b: number, } | { "kind": "select", 
/**
 * Which; null for none.
 */
at: number | null, } | { "kind": "enlarge", 
/**
 * Which.
 */
at: number | null, } | { "kind": "page", 
/**
 * From 0.
 */
page: number, } | { "kind": "turning", 
/**
 * How long a page stays.
 */
seconds: number | null, } | { "kind": "fit", 
/**
 * Which tile.
 */
at: number, 
/**
 * How.
 */
fit: Fit, } | { "kind": "turn", 
/**
 * Which tile.
 */
at: number, 
/**
 * How.
 */
turn: Turn, } | { "kind": "look", 
/**
 * Which tile.
 */
at: number, 
/**
 * What is done.
 */
change: Change, 
/**
 * More of the same movement follows at once; the page is told when it has ended.
 */
goes_on: boolean, } | { "kind": "hotspot", 
/**
 * Which tile.
 */
at: number, 
/**
 * From now on.
 */
on: boolean, } | { "kind": "border", 
/**
 * Which lines.
 */
axis: Axis, 
/**
 * Which one.
 */
line: number, 
/**
 * Share of the wall, 0–1.
 */
position: number, } | { "kind": "merge", 
/**
 * The one.
 */
a: number, 
/**
 * The other.
 */
b: number, } | { "kind": "split", 
/**
 * Which.
 */
at: number, };

/**
 * What somebody may be allowed to do.
 */
export type Action = "view" | "listen" | "talk" | "move" | "playback" | "export" | "arrange_walls" | "share_layouts" | "enter_credentials" | "mark_zones" | "manage_accounts" | "manage_inventory" | "manage_settings" | "read_audit";

/**
 * A rule asks for a sound.
 */
export type Alarm = { 
/**
 * The rule's name.
 */
rule: string, 
/**
 * Where.
 */
camera: Id, 
/**
 * What.
 */
event: EventKind, };

/**
 * Which lines a border lies between.
 */
export type Axis = "column" | "row";

/**
 * How everything stands that the person may see.
 */
export type Board = { 
/**
 * All cameras.
 */
cameras: Array<Health>, 
/**
 * All recorders.
 */
recorders: Array<Health>, 
/**
 * When all of them have been asked once, in milliseconds since 1970; null: not yet.
 */
complete: number | null, };

/**
 * A place in recordings that somebody wants to find again.
 */
export type Bookmark = { 
/**
 * Unique.
 */
id: Id, 
/**
 * Of which cameras.
 */
cameras: Array<Id>, 
/**
 * True time, microseconds since 1970; a moment where both ends are the same.
 */
period: Period, 
/**
 * In somebody's words; may be empty.
 */
words: string, 
/**
 * Who set it.
 */
by: string, 
/**
 * When, milliseconds since 1970.
 */
at: number, 
/**
 * The person may change it.
 */
own: boolean, 
/**
 * Which incident it belongs to.
 */
incident: Id | null, };

/**
 * What a person says of a bookmark.
 */
export type BookmarkFields = { 
/**
 * Which; null: a new one.
 */
id: Id | null, 
/**
 * See [`Bookmark`].
 */
cameras: Array<Id>, 
/**
 * See there.
 */
period: Period, 
/**
 * See there.
 */
words: string, 
/**
 * See there.
 */
incident: Id | null, };

/**
 * In CSS pixels of the page.
 */
export type Box = { 
/**
 * From the left edge.
 */
x: number, 
/**
 * From the upper edge.
 */
y: number, 
/**
 * From left to right.
 */
width: number, 
/**
 * From top to bottom.
 */
height: number, };

/**
 * A camera in the tree.
 */
export type Camera = { 
/**
 * Unique.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * Where that is known.
 */
outdoor: boolean | null, };

/**
 * What is covered in a camera's copy for viewing.
 */
export type CameraMasks = { 
/**
 * Which.
 */
camera: Id, 
/**
 * In the order in which they are drawn.
 */
masks: Array<Mask>, };

/**
 * A camera was lost or has come back.
 */
export type CameraNews = { 
/**
 * Which.
 */
id: Id, 
/**
 * Its name and its site's.
 */
name: string, 
/**
 * Lost, else back.
 */
lost: boolean, 
/**
 * Why it was lost; how long it was.
 */
text: string, 
/**
 * Milliseconds since 1970.
 */
at: number, };

/**
 * How an open camera stands. Cameras that no wall shows are not open and not listed.
 */
export type CameraStatus = { 
/**
 * Which.
 */
id: Id, 
/**
 * On its tile.
 */
look: Look, 
/**
 * Why it is not live; empty when it is.
 */
text: string, 
/**
 * Since when, and what to do; of a live one, what keeps it from a better picture.
 */
detail: string, 
/**
 * Which stream is seen.
 */
profile: Profile | null, 
/**
 * How many watch it; null where that is not limited.
 */
viewers: Viewers | null, };

/**
 * What is known of a camera's picture.
 */
export type CameraViews = { 
/**
 * Which.
 */
camera: Id, 
/**
 * In the order in which they were kept.
 */
presets: Array<ViewPreset>, 
/**
 * Its lens, where that is known.
 */
lens: Lens | null, 
/**
 * Somebody has said so here; else the inventory does.
 */
by_hand: boolean, };

/**
 * A tile's place: the first line and how many it spans.
 */
export type Cell = { 
/**
 * First column, from 0.
 */
column: number, 
/**
 * First row, from 0.
 */
row: number, 
/**
 * Columns spanned, at least 1.
 */
columns: number, 
/**
 * Rows spanned, at least 1.
 */
rows: number, };

/**
 * What people do to a view. Places and ways are shares of the tile's width and height.
 */
export type Change = { "kind": "zoom", 
/**
 * Below 1 it gets smaller.
 */
factor: number, 
/**
 * 0.5: in the middle.
 */
x: number, 
/**
 * 0.5: in the middle.
 */
y: number, } | { "kind": "pan", 
/**
 * To the right.
 */
x: number, 
/**
 * Down.
 */
y: number, } | { "kind": "region", 
/**
 * Left edge.
 */
x: number, 
/**
 * Upper edge.
 */
y: number, 
/**
 * From left to right.
 */
width: number, 
/**
 * From top to bottom.
 */
height: number, } | { "kind": "rotate", 
/**
 * Below 0 the other way.
 */
by: number, } | { "kind": "correct", 
/**
 * From now on.
 */
on: boolean, } | { "kind": "whole" } | { "kind": "plain" } | { "kind": "exact", 
/**
 * A kept one, say.
 */
view: View, };

/**
 * What is chosen in a dialog of the system's own.
 */
export type Choosing = "folder" | "sealed_file";

/**
 * Somebody who may work here.
 */
export type Colleague = { 
/**
 * The account.
 */
account: string, 
/**
 * As colleagues call them.
 */
name: string, };

/**
 * How a device stands.
 */
export type Condition = "dark" | "unwell" | "waiting" | "live" | "well" | "unknown";

/**
 * Everything that the page needs at its start.
 */
export type Console = { 
/**
 * The program's.
 */
version: string, 
/**
 * What the inventory is of; empty without one.
 */
province: string, 
/**
 * The tree.
 */
districts: Array<District>, 
/**
 * The walls.
 */
desk: Desk, 
/**
 * Where walls can be opened.
 */
monitors: Array<Monitor>, 
/**
 * Language, theme, captions.
 */
settings: Settings, 
/**
 * Ready-made layouts.
 */
presets: Array<Preset>, 
/**
 * What went wrong while starting (a damaged file, say).
 */
notices: Array<Notice>, };

/**
 * Of an inventory or a part of it.
 */
export type Counts = { 
/**
 * Sites.
 */
sites: number, 
/**
 * Recorders.
 */
recorders: number, 
/**
 * Cameras.
 */
cameras: number, };

/**
 * What a camera's recorder holds of a day.
 */
export type DayHeld = "unknown" | "nothing" | "footage" | "motion";

/**
 * A time of day, minutes since midnight; from the later to the earlier is over midnight.
 */
export type DaySpan = { 
/**
 * From this minute on, 0–1439.
 */
from: number, 
/**
 * Until before this one, 0–1439.
 */
until: number, };

/**
 * All walls, the main window's first.
 */
export type Desk = { 
/**
 * The main window's first.
 */
walls: Array<Wall>, 
/**
 * Something can be undone.
 */
can_undo: boolean, 
/**
 * Something that was undone can be done again.
 */
can_redo: boolean, 
/**
 * Tours that run.
 */
tours: Array<RunningTour>, 
/**
 * The last of the page's acts that this includes, by its number.
 */
done: number, };

/**
 * How a device that was met goes into the inventory.
 */
export type DeviceEnrolment = { 
/**
 * Which: that of [`MetDevice`].
 */
token: number, 
/**
 * The site; null: a new one.
 */
site: Id | null, 
/**
 * The new site's name.
 */
site_name: string, 
/**
 * The new site's district.
 */
district: string, 
/**
 * What people call the device.
 */
name: string, 
/**
 * Mb/s that it may send; null: not limited.
 */
sends_mbps: number | null, 
/**
 * How many may watch one of its cameras at once; null: not limited.
 */
viewers: number | null, 
/**
 * The channels that are taken over.
 */
channels: Array<EnrolledChannel>, };

/**
 * A line of what devices have noticed.
 */
export type DeviceNotice = { 
/**
 * Its number.
 */
line: number, 
/**
 * The site.
 */
site: Id, 
/**
 * The camera; null for a whole device, and for many cameras of a site.
 */
camera: Id | null, 
/**
 * The device that has said so first.
 */
device: Id, 
/**
 * What.
 */
event: EventKind, 
/**
 * When it began, ms since 1970.
 */
first: number, 
/**
 * When it was noticed last, ms since 1970.
 */
last: number, 
/**
 * How often.
 */
count: number, 
/**
 * Cameras of the site that it stands for, where these are many.
 */
cameras: number, 
/**
 * It goes on.
 */
active: boolean, 
/**
 * It began in quiet hours: no sound, no bubble.
 */
quiet: boolean, 
/**
 * Somebody has seen it.
 */
acknowledged: boolean, };

/**
 * A district in the tree.
 */
export type District = { 
/**
 * Unique.
 */
name: string, 
/**
 * Its sites.
 */
sites: Array<Site>, };

/**
 * A channel that is taken over.
 */
export type EnrolledChannel = { 
/**
 * From 1.
 */
number: number, 
/**
 * What people call its camera.
 */
name: string, };

/**
 * A telephone's way to make codes, shown once.
 */
export type Enrolment = { 
/**
 * A picture to be read by the telephone: an SVG document.
 */
qr: string, 
/**
 * The same to be typed, in groups of four.
 */
typed: string, };

/**
 * What is asked of a camera once.
 */
export type Errand = { "kind": "turn", 
/**
 * Degrees to the right of its zero.
 */
pan: number, 
/**
 * Degrees below the horizon.
 */
tilt: number, 
/**
 * 1 is the widest picture.
 */
zoom: number, } | { "kind": "home" } | { "kind": "recall", 
/**
 * The preset's.
 */
token: string, } | { "kind": "keep", 
/**
 * Which is replaced.
 */
token: string | null, 
/**
 * As people call it.
 */
name: string, } | { "kind": "forget", 
/**
 * The preset's.
 */
token: string, } | { "kind": "presets" } | { "kind": "auto_focus" } | { "kind": "switch", 
/**
 * As the device calls it.
 */
name: string, 
/**
 * On or off.
 */
on: boolean, } | { "kind": "stop" } | { "kind": "take_over" } | { "kind": "give_up" } | { "kind": "unlock", 
/**
 * From now on.
 */
on: boolean, } | { "kind": "tour", 
/**
 * At least two.
 */
stops: Array<SteerStop>, } | { "kind": "end_tour" };

/**
 * What happens.
 */
export type EventAct = { "kind": "hotspot", 
/**
 * For so long, 1–3600.
 */
seconds: number, } | { "kind": "wall", 
/**
 * Which, from 1: the main window's.
 */
wall: number, 
/**
 * For so long, 1–3600.
 */
seconds: number, } | { "kind": "preset", 
/**
 * Which camera; null: the one that has noticed it.
 */
camera: Id | null, 
/**
 * The preset's.
 */
token: string, } | { "kind": "sound" } | { "kind": "mark" };

/**
 * What a device notices by itself.
 */
export type EventKind = "motion" | "tampering" | "video_loss" | "alarm_input";

/**
 * Where something has to be noticed.
 */
export type EventPlace = { "kind": "any" } | { "kind": "district", 
/**
 * The district's.
 */
name: string, } | { "kind": "site", 
/**
 * The site's.
 */
id: Id, } | { "kind": "camera", 
/**
 * The camera's.
 */
id: Id, };

/**
 * When something is noticed there and then, all of this happens.
 */
export type EventRule = { 
/**
 * Unique among rules.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * It is obeyed.
 */
enabled: boolean, 
/**
 * What has to be noticed: any of these.
 */
on: Array<EventKind>, 
/**
 * Where.
 */
at: EventPlace, 
/**
 * At which time of day; null: always.
 */
between: DaySpan | null, 
/**
 * What happens; at least one.
 */
then: Array<EventAct>, 
/**
 * It does not act again at the same camera for so long, seconds.
 */
pause: number, };

/**
 * A key that signs packages.
 */
export type EvidenceKey = { 
/**
 * The key.
 */
key: string, 
/**
 * What people compare.
 */
fingerprint: string, 
/**
 * Whose it is.
 */
owner: string, 
/**
 * Packages that it has signed count as genuine.
 */
enrolled: boolean, };

/**
 * How packages are made and judged here.
 */
export type EvidencePolicy = { 
/**
 * A second person has to release what is taken out.
 */
four_eyes: boolean, 
/**
 * Those that were made here, and those that were enrolled.
 */
keys: Array<EvidenceKey>, };

/**
 * An export, running or over.
 */
export type Export = { 
/**
 * Unique.
 */
id: Id, 
/**
 * What the package is called.
 */
name: string, 
/**
 * Where it is, or will be.
 */
path: string, 
/**
 * For which incident.
 */
incident: Id | null, 
/**
 * As the authority numbers it.
 */
case_number: string, 
/**
 * In the person's words.
 */
reason: string, 
/**
 * Who takes it out.
 */
by: string, 
/**
 * The person who works here does.
 */
own: boolean, 
/**
 * When it was begun, milliseconds since 1970.
 */
at: number, 
/**
 * See there.
 */
state: ExportState, 
/**
 * Why it did not work, in words; else empty.
 */
text: string, 
/**
 * The part that has come, 0–1.
 */
share: number, 
/**
 * Bytes of footage.
 */
bytes: number, 
/**
 * See there; empty once it is over.
 */
cameras: Array<ExportCamera>, 
/**
 * SHA-256 of what was signed.
 */
sha256: string | null, 
/**
 * A second person has to release it.
 */
four_eyes: boolean, 
/**
 * Who released it.
 */
released_by: string | null, 
/**
 * The person who works here may.
 */
may_release: boolean, 
/**
 * The sealed file.
 */
sealed: string | null, };

/**
 * A camera of an export.
 */
export type ExportCamera = { 
/**
 * Which.
 */
camera: Id, 
/**
 * The part of its time that has come, 0–1.
 */
share: number, 
/**
 * How it stands, in words.
 */
text: string, 
/**
 * It did not come.
 */
failed: boolean, };

/**
 * What is to be taken out.
 */
export type ExportFields = { 
/**
 * For which incident; null: for none.
 */
incident: Id | null, 
/**
 * Each camera with its time; a camera once.
 */
stretches: Array<IncidentStretch>, 
/**
 * As the authority numbers it; may be empty.
 */
case_number: string, 
/**
 * In the person's words.
 */
reason: string, 
/**
 * Where the package is made; empty: where packages usually are.
 */
folder: string, 
/**
 * What it is to be called; empty: by case number and time.
 */
name: string, 
/**
 * Copies for viewing are made beside.
 */
viewing: boolean, 
/**
 * What is covered in them.
 */
masks: Array<CameraMasks>, };

/**
 * How an export stands.
 */
export type ExportState = "running" | "stopped" | "interrupted" | "failed" | "complete" | "removed";

/**
 * What has been taken out, and how that is done here.
 */
export type Exports = { 
/**
 * The newest first.
 */
exports: Array<Export>, 
/**
 * Where packages usually are.
 */
folder: string, 
/**
 * A second person has to release what is taken out.
 */
four_eyes: boolean, 
/**
 * Fingerprint of the key that the person who works here signs with; null: there is none yet.
 */
key: string | null, 
/**
 * Copies for viewing can be made here: there is an encoder.
 */
copies: boolean, };

/**
 * How a picture is laid into a tile of another shape.
 */
export type Fit = "fit" | "fill" | "stretch";

/**
 * A picture of a recording.
 */
export type FootageStill = { 
/**
 * As an address that holds it.
 */
image: string, 
/**
 * When it was taken.
 */
at: Moment, };

/**
 * What would come of an act.
 */
export type Foreseen = { 
/**
 * In one line; empty where nothing is worth a word.
 */
text: string, 
/**
 * Planned share of this machine's decoding then, 0–1.
 */
decode: number, 
/**
 * Something would stay dark, or be shown worse than now.
 */
costs: boolean, 
/**
 * What could be done instead so that nothing is lost, the best first.
 */
instead: Array<Instead>, };

/**
 * A device that answered.
 */
export type FoundDevice = { 
/**
 * Where it is met: `host:port`, or an `https://` base; of a device that speaks RTSP alone, its host.
 */
address: string, 
/**
 * What it calls itself; may be empty.
 */
name: string, 
/**
 * Its model; may be empty.
 */
hardware: string, 
/**
 * ONVIF, or RTSP alone.
 */
protocol: string, 
/**
 * The recorder of the inventory that answers there; empty: none.
 */
known: string, };

/**
 * What the next shift should know.
 */
export type Handover = { 
/**
 * Milliseconds since 1970.
 */
made: number, 
/**
 * The computer.
 */
workstation: string, 
/**
 * Whose shift ends.
 */
person: string, 
/**
 * When it began, in milliseconds since 1970.
 */
began: number, 
/**
 * Cameras that are dark or do not answer.
 */
dark: Array<HandoverCamera>, 
/**
 * What else is left to the next shift; only what there is.
 */
left: Array<HandoverSection>, 
/**
 * Cameras that were lost or came back during the shift.
 */
news: Array<CameraNews>, 
/**
 * Walls and what they show, in words.
 */
walls: Array<string>, 
/**
 * Proves later that nothing of the log before has changed.
 */
anchor: string, };

/**
 * A camera that needs attention.
 */
export type HandoverCamera = { 
/**
 * Its name.
 */
camera: string, 
/**
 * Its site's.
 */
site: string, 
/**
 * Its district.
 */
district: string, 
/**
 * Why.
 */
text: string, 
/**
 * Since when, in milliseconds since 1970.
 */
since: number | null, };

/**
 * Why something is left to the next shift.
 */
export type HandoverKind = "moved" | "incident";

/**
 * What is left to the next shift, of one kind.
 */
export type HandoverSection = { 
/**
 * See there.
 */
kind: HandoverKind, 
/**
 * At least one.
 */
cameras: Array<HandoverCamera>, };

/**
 * How a camera or a recorder stands.
 */
export type Health = { 
/**
 * Of the camera or the recorder.
 */
id: Id, 
/**
 * See there.
 */
condition: Condition, 
/**
 * Why; empty when all is well.
 */
text: string, 
/**
 * What to do.
 */
detail: string, 
/**
 * Since when it stands so, in milliseconds since 1970.
 */
since: number | null, 
/**
 * When it was last known to be well, in milliseconds since 1970.
 */
seen: number | null, 
/**
 * Mb/s that come from it to this program.
 */
mbps: number, 
/**
 * Mb/s that it may send; null where unknown.
 */
limit: number | null, 
/**
 * Pictures a second.
 */
rate: number, 
/**
 * Age of the last picture in seconds; null without one.
 */
age: number | null, 
/**
 * Who decodes.
 */
decoder: string, 
/**
 * Seconds that its clock is ahead of this machine's, negative: behind; null where it does not tell, or where it is right
 * to within 2 s.
 */
clock: number | null, };

/**
 * Name of a camera, recorder or site; unique in the inventory. 1–200 bytes without control characters: it comes from
 * files that people edit, and ends in logs, on tiles and in other files. Copies share the text.
 */
export type Id = string;

/**
 * How an imported file is understood.
 */
export type ImportOptions = { 
/**
 * Where a list has no addresses of streams: how they are made, with `{recorder}`, `{channel}`, `{profile}` …
 */
template: string | null, 
/**
 * What the inventory is called from now on.
 */
name: string | null, };

/**
 * A file that has been looked at; nothing has changed yet.
 */
export type ImportPreview = { 
/**
 * To take it over.
 */
token: number, 
/**
 * What was understood: "CSV, UTF-8, `;`", "XLSX, Sheet 1".
 */
shape: string, 
/**
 * Rows with content.
 */
rows: number, 
/**
 * What would be new.
 */
added: Counts, 
/**
 * What would differ.
 */
changed: Counts, 
/**
 * What would go.
 */
removed: Counts, 
/**
 * Names of what would go or change, the first ones.
 */
examples: Array<string>, 
/**
 * With one of them nothing can be taken over.
 */
errors: Array<RowError>, 
/**
 * How many there are; `errors` has the first ones.
 */
error_count: number, 
/**
 * Cameras have no addresses, and no or no sound template to make them.
 */
needs_template: boolean, };

/**
 * An incident, as the person reads it.
 */
export type Incident = { 
/**
 * Unique.
 */
id: Id, 
/**
 * What it is, in a few words.
 */
title: string, 
/**
 * As the authority numbers it; may be empty.
 */
case_number: string, 
/**
 * Whoever may see its cameras' recordings reads it.
 */
everyone: boolean, 
/**
 * These accounts read it, besides who began it and supervisors.
 */
accounts: Array<string>, 
/**
 * The person may say who reads it.
 */
own: boolean, 
/**
 * Where and when, without the cameras that the person may not see.
 */
stretches: Array<IncidentStretch>, 
/**
 * The oldest first.
 */
notes: Array<IncidentNote>, 
/**
 * The oldest first.
 */
history: Array<IncidentDone>, 
/**
 * It is over.
 */
closed: boolean, 
/**
 * Who began it.
 */
by: string, 
/**
 * When, milliseconds since 1970.
 */
at: number, };

/**
 * Everything that the person reads, the newest first.
 */
export type IncidentBook = { 
/**
 * See there.
 */
incidents: Array<Incident>, 
/**
 * See there.
 */
bookmarks: Array<Bookmark>, 
/**
 * To share incidents with.
 */
colleagues: Array<Colleague>, };

/**
 * What was done with an incident.
 */
export type IncidentDone = { 
/**
 * Who.
 */
by: string, 
/**
 * When, milliseconds since 1970.
 */
at: number, 
/**
 * What, in words.
 */
text: string, };

/**
 * What a person says of an incident.
 */
export type IncidentFields = { 
/**
 * Which; null: a new one.
 */
id: Id | null, 
/**
 * See [`Incident`].
 */
title: string, 
/**
 * See there.
 */
case_number: string, 
/**
 * See there.
 */
everyone: boolean, 
/**
 * See there.
 */
accounts: Array<string>, 
/**
 * See there.
 */
stretches: Array<IncidentStretch>, };

/**
 * Something that somebody wrote down.
 */
export type IncidentNote = { 
/**
 * Who.
 */
by: string, 
/**
 * When, milliseconds since 1970.
 */
at: number, 
/**
 * What; may have several lines.
 */
text: string, };

/**
 * A stretch of a camera's time.
 */
export type IncidentStretch = { 
/**
 * Which camera.
 */
camera: Id, 
/**
 * True time, microseconds since 1970.
 */
period: Period, };

/**
 * What fits where something else does not.
 */
export type Instead = { 
/**
 * What it is, for a button.
 */
text: string, 
/**
 * One after the other.
 */
acts: Array<Act>, };

/**
 * A lens that needs no figures.
 */
export type KnownLens = { 
/**
 * As in an inventory.
 */
name: string, 
/**
 * What it does.
 */
lens: Lens, };

/**
 * The languages of the program.
 */
export type Language = "vi" | "en";

/**
 * A wall's division: weights of columns and rows, and the tiles, in reading order. Every grid square is covered once.
 *
 * The weights of each axis are kept without a common divisor, so that equal divisions are equal values.
 */
export type Layout = { columns: Array<number>, rows: Array<number>, cells: Array<Cell>, };

/**
 * What becomes of the walls on other monitors when the main window is closed.
 */
export type Leaving = "keep" | "close";

/**
 * A lens, as far as it decides where things are seen.
 */
export type Lens = { 
/**
 * Field of view from the left edge to the right, tenths of a degree.
 */
horizontal: number, 
/**
 * Field of view from the upper edge to the lower, tenths of a degree.
 */
vertical: number, 
/**
 * What an ideal lens of its kind does.
 */
projection: Projection, 
/**
 * How far it bends lines beyond that, thousandths; above 0 like a barrel. The picture is larger in its middle by
 * this share.
 */
distortion: number, };

/**
 * How urgent a notice is.
 */
export type Level = "info" | "warning" | "error";

/**
 * How full a recorder or a site's line is.
 */
export type LinkStatus = { 
/**
 * Which recorder or site.
 */
id: Id, 
/**
 * Mb/s of our streams, measured.
 */
used: number, 
/**
 * Mb/s that other clients are known to take.
 */
others: number, 
/**
 * Mb/s that it carries; null where unknown.
 */
limit: number | null, 
/**
 * The limit was found out and is less than what is declared.
 */
learned: boolean, 
/**
 * Mb/s as declared; null where it is not.
 */
declared: number | null, 
/**
 * Our streams.
 */
streams: number, };

/**
 * How the sound of a camera stands.
 */
export type Listening = { 
/**
 * To whom.
 */
camera: Id, 
/**
 * Whether anything is heard.
 */
standing: ListeningStanding, 
/**
 * The codec's name while it is; why not, in words, if it failed.
 */
detail: string, 
/**
 * Whether the camera can be spoken through, and whether somebody here does.
 */
talk: TalkStanding, 
/**
 * Why speaking does not work, in words.
 */
talk_detail: string, };

/**
 * Whether anything is heard.
 */
export type ListeningStanding = "waiting" | "heard" | "silent" | "other_speed" | "not_kept" | "failed";

/**
 * One of one's logins.
 */
export type Login = { 
/**
 * What it opens.
 */
target: LoginTarget, 
/**
 * The name on the device.
 */
user: string, 
/**
 * What a device has said of it.
 */
tested: LoginTested, 
/**
 * When, in milliseconds since 1970.
 */
at: number | null, };

/**
 * Where one's logins are kept.
 */
export type LoginKeeping = "keychain" | "password_file" | "not_chosen";

/**
 * What a device said to a new login.
 */
export type LoginResult = { 
/**
 * It opens.
 */
accepted: boolean, 
/**
 * Which device was asked and what it said, in words.
 */
text: string, 
/**
 * What to do; empty when all is well.
 */
detail: string, };

/**
 * What a login opens; the most specific one counts.
 */
export type LoginTarget = { "kind": "province" } | { "kind": "site", 
/**
 * The site's.
 */
id: Id, } | { "kind": "recorder", 
/**
 * The recorder's.
 */
id: Id, } | { "kind": "camera", 
/**
 * The camera's.
 */
id: Id, };

/**
 * What a device has said of a login.
 */
export type LoginTested = "untested" | "accepted" | "refused";

/**
 * One's logins for devices. Passwords stay in the program.
 */
export type Logins = { 
/**
 * Where they are kept.
 */
keeping: LoginKeeping, 
/**
 * Why there is no keychain; empty where there is one.
 */
why: string, 
/**
 * The province's first.
 */
entries: Array<Login>, };

/**
 * How a camera looks on its tile.
 */
export type Look = "live" | "waiting" | "dark";

/**
 * A tile under the pointer.
 */
export type Mark = { 
/**
 * Index into slots.
 */
at: number, 
/**
 * Why.
 */
kind: MarkKind, };

/**
 * Why a tile is marked.
 */
export type MarkKind = "hover" | "drop";

/**
 * A part of a camera's picture that nobody is to see in a copy for viewing, in thousandths of the picture's sides.
 */
export type Mask = { 
/**
 * From the left edge.
 */
x: number, 
/**
 * From the upper edge.
 */
y: number, 
/**
 * To the right.
 */
width: number, 
/**
 * Down.
 */
height: number, 
/**
 * What is seen in its place.
 */
look: MaskLook, };

/**
 * What is seen in place of what is masked.
 */
export type MaskLook = "black" | "mosaic";

/**
 * A channel of a device.
 */
export type MetChannel = { 
/**
 * From 1.
 */
number: number, 
/**
 * As the device calls it; may be empty.
 */
name: string, 
/**
 * Its streams, in words: "H.265 · 1920×1080 · 25/s · 2 Mb/s", the largest first.
 */
profiles: Array<string>, 
/**
 * One of them can be shown.
 */
usable: boolean, 
/**
 * It turns, or zooms.
 */
ptz: boolean, 
/**
 * It sends sound.
 */
sound: boolean, };

/**
 * What a device says of itself.
 */
export type MetDevice = { 
/**
 * To enrol it.
 */
token: number, 
/**
 * Where it was met.
 */
address: string, 
/**
 * How it is spoken to.
 */
protocol: string, 
/**
 * Who made it.
 */
make: string, 
/**
 * What it is called there.
 */
model: string, 
/**
 * Its firmware.
 */
firmware: string, 
/**
 * Its serial number.
 */
serial: string, 
/**
 * Seconds that its clock is ahead, negative: behind; null where it does not tell.
 */
clock: number | null, 
/**
 * SHA-256 of the certificate that it showed, in hex; null without TLS.
 */
certificate: string | null, 
/**
 * It tells what it notices.
 */
events: boolean, 
/**
 * Its channels, by number.
 */
channels: Array<MetChannel>, };

/**
 * A moment of true time: microseconds since 1970-01-01T00:00:00Z, without leap seconds. Good for ±292,000 years.
 */
export type Moment = number;

/**
 * A monitor that a wall can be opened on.
 */
export type Monitor = { 
/**
 * Tells monitors apart, at whatever connector they are.
 */
key: string, 
/**
 * As people know it: maker and model, else the connector.
 */
name: string, 
/**
 * Physical pixels.
 */
width: number, 
/**
 * Physical pixels.
 */
height: number, 
/**
 * From the left edge of the desktop.
 */
x: number, 
/**
 * From the upper edge of the desktop.
 */
y: number, 
/**
 * The desktop's first.
 */
primary: boolean, };

/**
 * What is looked for.
 */
export type MotionFields = { 
/**
 * In which camera's recording.
 */
camera: Id, 
/**
 * When, true time; a day at most.
 */
period: Period, 
/**
 * Where, in the picture as the camera sends it; none: all of it.
 */
area: Array<PicturePart>, 
/**
 * How little is enough.
 */
sensitivity: MotionSensitivity, };

/**
 * Something moved.
 */
export type MotionHit = { 
/**
 * From the last picture before it moved to the last one in which it had.
 */
period: Period, 
/**
 * When most of it moved; where the recorder found it, the end.
 */
clearest: Moment, 
/**
 * Where it was then; where the recorder found it, somewhere in this.
 */
place: PicturePart, };

/**
 * A part of the time that was not looked at.
 */
export type MotionMissed = { 
/**
 * When.
 */
period: Period, 
/**
 * Nothing was recorded then: no fault.
 */
not_recorded: boolean, 
/**
 * Why.
 */
text: string, };

/**
 * How a search stands; the newest of a wall that plays.
 */
export type MotionSearch = { 
/**
 * Whose player it belongs to.
 */
wall: number, 
/**
 * Another one has another number.
 */
number: number, 
/**
 * Whose recording.
 */
camera: Id, 
/**
 * When.
 */
period: Period, 
/**
 * Where; none: everywhere.
 */
area: Array<PicturePart>, 
/**
 * How little is enough.
 */
sensitivity: MotionSensitivity, 
/**
 * What it does.
 */
state: MotionState, 
/**
 * Why it has failed or asks again, else empty.
 */
text: string, 
/**
 * Up to where it has looked.
 */
reached: Moment, 
/**
 * Key frames that were looked at.
 */
looked: number, 
/**
 * The recorder itself looked through some of the time, or all of it: of what it found there are no pictures.
 */
by_recorder: boolean, 
/**
 * What moved, the earliest first.
 */
hits: Array<MotionHit>, 
/**
 * When the whole picture became another one: not counted as motion.
 */
upheavals: Array<Moment>, 
/**
 * What was not looked at; known at the end.
 */
missed: Array<MotionMissed>, };

/**
 * How little is taken for motion.
 */
export type MotionSensitivity = "low" | "medium" | "high";

/**
 * What a search does.
 */
export type MotionState = "asking" | "in_line" | "searching" | "again" | "done" | "stopped" | "full" | "failed";

/**
 * Words made by the program, in the language of the settings at that time.
 */
export type Notice = { 
/**
 * How urgent.
 */
level: Level, 
/**
 * What happened.
 */
title: string, 
/**
 * Where, and what to do.
 */
detail: string, };

/**
 * What is proven of a package.
 */
export type PackageProof = "genuine" | "unreleased" | "unknown_key" | "damaged" | "nothing";

/**
 * How far a package is read that is checked, sealed or released.
 */
export type PackageRead = { 
/**
 * Which.
 */
path: string, 
/**
 * The part that is read, 0–1.
 */
share: number, };

/**
 * What has come of a check.
 */
export type PackageVerdict = { 
/**
 * The package's name.
 */
name: string, 
/**
 * See there.
 */
proof: PackageProof, 
/**
 * What is proven, what isn't, and each fault, in words.
 */
sentences: Array<string>, };

/**
 * From one moment up to, but without, another.
 */
export type Period = { 
/**
 * The first moment.
 */
from: Moment, 
/**
 * The first moment that no longer belongs to it; not before `from`.
 */
until: Moment, };

/**
 * Who has signed in.
 */
export type Person = { 
/**
 * What they sign in with.
 */
account: string, 
/**
 * As colleagues call them.
 */
name: string, 
/**
 * What they work as.
 */
role: Role, 
/**
 * Which cameras that holds for.
 */
scope: Scope, 
/**
 * What they may do; the program checks each act again.
 */
may: Array<Action>, 
/**
 * A code of their telephone is asked for at sign-in.
 */
second_factor: boolean, 
/**
 * An administrator asks for it: it can't be dropped.
 */
second_factor_required: boolean, };

/**
 * How a picture is saved.
 */
export type PictureFormat = "png" | "jpeg";

/**
 * A part of a camera's picture, in thousandths of the picture's sides.
 */
export type PicturePart = { 
/**
 * From the left edge.
 */
x: number, 
/**
 * From the upper edge.
 */
y: number, 
/**
 * To the right.
 */
width: number, 
/**
 * Down.
 */
height: number, };

/**
 * Which pictures a wall asks for where nobody selects or enlarges them. Less of them costs lines and decoding less.
 */
export type Pictures = "best" | "small" | "key_frames";

/**
 * What is done to a wall that plays recordings.
 */
export type PlayAct = { "kind": "seek", 
/**
 * Microseconds since 1970.
 */
at: Moment, } | { "kind": "play", 
/**
 * Seconds of recording a second, ±1/16 to ±16.
 */
rate: number, } | { "kind": "pause" } | { "kind": "hold", 
/**
 * Which.
 */
camera: Id, 
/**
 * Whether it stands still.
 */
held: boolean, } | { "kind": "step", 
/**
 * At the one before.
 */
back: boolean, } | { "kind": "repeat", 
/**
 * `None`: no longer.
 */
period: Period | null, };

/**
 * Whether the picture that is due is shown.
 */
export type PlayStanding = "shown" | "hole" | "loading" | "in_line" | "refused";

/**
 * How a wall stands that plays recordings.
 */
export type Playback = { 
/**
 * Which.
 */
wall: number, 
/**
 * The place, true time: microseconds since 1970.
 */
at: Moment, 
/**
 * Seconds of recording a second; 0: it stands still.
 */
rate: number, 
/**
 * What it goes on with.
 */
chosen: number, 
/**
 * It waits for pictures.
 */
waits: boolean, 
/**
 * What it goes round in.
 */
repeat: Period | null, 
/**
 * The cameras that are played.
 */
cameras: Array<PlayedCamera>, };

/**
 * How a camera's recording stands.
 */
export type PlayedCamera = { 
/**
 * Which.
 */
camera: Id, 
/**
 * When the picture that is shown was taken.
 */
shown: Moment | null, 
/**
 * Whether that is the one that is due.
 */
standing: PlayStanding, 
/**
 * Why it does not come, where it is refused; else empty.
 */
text: string, 
/**
 * It stands still while the others go on.
 */
held: boolean, };

/**
 * Degrees, WGS 84.
 */
export type Position = { 
/**
 * North.
 */
lat: number, 
/**
 * East.
 */
lon: number, };

/**
 * What taking out would come to.
 */
export type Preflight = { 
/**
 * Where the package would be.
 */
folder: string, 
/**
 * About how many bytes.
 */
bytes: number, 
/**
 * How many there is room for.
 */
room: number, 
/**
 * About how long it takes over the lines as they are now, seconds.
 */
seconds: number, 
/**
 * A second person has to release it.
 */
four_eyes: boolean, 
/**
 * See there.
 */
cameras: Array<PreflightCamera>, 
/**
 * Why it cannot begin, in words; else empty.
 */
problem: string, };

/**
 * A camera before it is taken out.
 */
export type PreflightCamera = { 
/**
 * Which.
 */
camera: Id, 
/**
 * How much of the time is recorded, seconds; null: its recorder does not say.
 */
recorded: number | null, 
/**
 * How much is wanted, seconds.
 */
wanted: number, 
/**
 * Why it cannot be taken out, in words; else empty.
 */
problem: string, };

/**
 * A ready-made layout; `name` is a label such as "3×3" or "1+5".
 */
export type Preset = { 
/**
 * The same in every language.
 */
name: string, 
/**
 * What it stands for.
 */
layout: Layout, };

/**
 * Which of a camera's streams is seen.
 */
export type Profile = "main" | "sub";

/**
 * How an ideal lens of its kind brings angles onto the sensor.
 */
export type Projection = "rectilinear" | "f_theta";

/**
 * What a hand moves; to be said again at least twice a second while it does.
 */
export type Push = { "kind": "turn", 
/**
 * To the right.
 */
pan: number, 
/**
 * Upwards.
 */
tilt: number, 
/**
 * Closer.
 */
zoom: number, } | { "kind": "focus", 
/**
 * How fast.
 */
speed: number, } | { "kind": "iris", 
/**
 * How fast.
 */
speed: number, };

/**
 * One thing that somebody did.
 */
export type Record = { 
/**
 * Counts from 1 without gaps.
 */
sequence: number, 
/**
 * Milliseconds since 1970.
 */
at: number, 
/**
 * The computer.
 */
workstation: string, 
/**
 * Who; empty for the program itself.
 */
account: string, 
/**
 * What they worked as.
 */
role: Role | null, 
/**
 * See there.
 */
kind: RecordKind, 
/**
 * What they did, in words.
 */
text: string, 
/**
 * Every detail, as name and value.
 */
details: Array<[string, string]>, };

/**
 * Which records are wanted; nothing set: all.
 */
export type RecordFilter = { 
/**
 * From then on, in milliseconds since 1970.
 */
from: number | null, 
/**
 * Until then.
 */
until: number | null, 
/**
 * By this account.
 */
account: string | null, 
/**
 * Of these kinds.
 */
kinds: Array<RecordKind>, 
/**
 * About this camera or site.
 */
subject: Id | null, 
/**
 * With these words in it, without regard to case and marks.
 */
text: string | null, };

/**
 * As what records are handed out.
 */
export type RecordFormat = "json_lines" | "syslog";

/**
 * What records are about.
 */
export type RecordKind = "presence" | "accounts" | "logins" | "watching" | "evidence" | "moving" | "playback" | "layouts" | "changes" | "denials" | "log";

/**
 * A page of records, the newest first.
 */
export type RecordPage = { 
/**
 * At most 200.
 */
records: Array<Record>, 
/**
 * To ask for older ones; null: there are none.
 */
older: number | null, };

/**
 * Whether anything was changed.
 */
export type RecordVerdict = { 
/**
 * Nothing was.
 */
sound: boolean, 
/**
 * How many are there.
 */
records: number, 
/**
 * What was found, in words, the first ones.
 */
faults: Array<string>, 
/**
 * What this proves and what it doesn't, in words.
 */
meaning: string, 
/**
 * To be written down elsewhere: proves later that nothing before it has changed.
 */
anchor: string, };

/**
 * A stretch of recording without a hole. What lies between two is a gap.
 */
export type Recorded = { 
/**
 * When, in true time.
 */
period: Period, 
/**
 * Why.
 */
why: RecordedFor, 
/**
 * Which of several recordings of the same time this is (SUNAPI's overlap id): after a recorder's clock was put back, it
 * has an hour twice. 0 for the usual one.
 */
overlap: number, };

/**
 * Why something was recorded.
 */
export type RecordedFor = "continuous" | "motion" | "event" | "manual";

/**
 * A small picture of what was recorded.
 */
export type RecordedPicture = { 
/**
 * When it was taken, true time: microseconds since 1970.
 */
at: Moment, 
/**
 * An address that holds the picture itself (`data:`).
 */
data: string, };

/**
 * A recorder in the tree.
 */
export type Recorder = { 
/**
 * Unique.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * Channel by channel.
 */
cameras: Array<Camera>, };

/**
 * What somebody works as. Administering and operating are separate: an administrator sees no footage.
 */
export type Role = "administrator" | "supervisor" | "operator" | "viewer" | "auditor";

/**
 * What is wrong in a row.
 */
export type RowError = { 
/**
 * As the spreadsheet counts, from 1; null for the file as a whole.
 */
row: number | null, 
/**
 * The column's heading; empty for the whole row.
 */
column: string, 
/**
 * What stands there, shortened.
 */
value: string, 
/**
 * What is wrong and what to do.
 */
text: string, };

/**
 * All rules and quiet hours of this workstation.
 */
export type RuleBook = { 
/**
 * In people's order.
 */
rules: Array<EventRule>, 
/**
 * When there are no sounds.
 */
quiet: Array<DaySpan>, };

/**
 * A tour that runs on a wall.
 */
export type RunningTour = { 
/**
 * On which.
 */
wall: number, 
/**
 * Which.
 */
tour: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * Where it is, from 0.
 */
stop: number, 
/**
 * How many there are.
 */
stops: number, 
/**
 * Stays where it is.
 */
paused: boolean, };

/**
 * Marked footage that is kept on this machine.
 */
export type Safe = { 
/**
 * In the order in which they were asked for.
 */
copies: Array<SafeCopy>, 
/**
 * What they may take together, in GB.
 */
limit_gb: number, 
/**
 * What they take together, with those on their way, in bytes.
 */
used: number, 
/**
 * What is free on the disk, in bytes.
 */
room: number, };

/**
 * A copy of a bookmark's footage on this machine.
 */
export type SafeCopy = { 
/**
 * Of which bookmark.
 */
bookmark: Id, 
/**
 * See there.
 */
state: SafeCopyState, 
/**
 * The part of its time that has come, 0–1, while it comes.
 */
share: number, 
/**
 * Bytes of footage.
 */
bytes: number, 
/**
 * Why it waits or did not work, in words; else empty.
 */
text: string, 
/**
 * Who asked for it.
 */
by: string, 
/**
 * The person who works here may drop it.
 */
own: boolean, 
/**
 * When the recorder overwrites the first of it, milliseconds since 1970; null: nobody knows.
 */
overwritten_at: number | null, };

/**
 * How a copy of marked footage stands.
 */
export type SafeCopyState = "waiting" | "coming" | "kept" | "failed";

/**
 * What is kept, by name.
 */
export type Saved = { 
/**
 * Layouts with their cameras.
 */
layouts: Array<SavedLayout>, 
/**
 * Tours.
 */
tours: Array<Tour>, };

/**
 * A file has been written.
 */
export type SavedFile = { 
/**
 * Where.
 */
path: string, };

/**
 * A wall as somebody has kept it: its division and its cameras.
 */
export type SavedLayout = { 
/**
 * Unique.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * Everybody on this workstation may open it.
 */
shared: boolean, 
/**
 * The person may change and remove it.
 */
own: boolean, 
/**
 * How many cameras stand on it.
 */
cameras: number, 
/**
 * Its division, for a small picture of it.
 */
layout: Layout, };

/**
 * A picture has been saved.
 */
export type SavedPicture = { 
/**
 * Where.
 */
path: string, };

/**
 * Which cameras somebody's rights hold for: all, or those of the districts and sites named, and the cameras named.
 */
export type Scope = { 
/**
 * The whole inventory, whatever comes to it.
 */
everything: boolean, 
/**
 * All cameras of these districts, by name.
 */
districts: Array<string>, 
/**
 * All cameras of these sites.
 */
sites: Array<Id>, 
/**
 * These cameras.
 */
cameras: Array<Id>, };

/**
 * Whether anybody may use the console, and who does.
 */
export type Session = { 
/**
 * See there.
 */
state: SessionState, 
/**
 * Who has signed in.
 */
person: Person | null, 
/**
 * The simulated province without accounts: people choose a role to look around.
 */
demo: boolean, 
/**
 * Language and theme hold for the sign-in too.
 */
settings: Settings, };

/**
 * Whether anybody may use the console.
 */
export type SessionState = "first_start" | "signed_out" | "password_due" | "second_factor_due" | "signed_in" | "locked";

/**
 * What holds for the whole program on this machine.
 */
export type Settings = { 
/**
 * Of all words.
 */
language: Language, 
/**
 * Of the page.
 */
theme: Theme, 
/**
 * Names and states on the pictures.
 */
captions: boolean, 
/**
 * A sound when a camera is lost or comes back.
 */
sounds: boolean, 
/**
 * How loud cameras are heard, in percent.
 */
volume: number, 
/**
 * The share of recorders and sites that is left to what a person selects or enlarges, in percent, 0–50.
 */
reserve: number, 
/**
 * Controls lock when nobody has touched them for so many minutes; 0: never.
 */
lock_after: number, };

/**
 * What is set, and how it stands.
 */
export type Sharing = { 
/**
 * What is set.
 */
fields: SharingFields, 
/**
 * The name that counts now.
 */
name: string, 
/**
 * How it stands.
 */
status: SharingStatus, 
/**
 * What is wrong with the server, and what to do; empty where nothing is.
 */
trouble: string, };

/**
 * What a person sets; kept as it is.
 */
export type SharingFields = { 
/**
 * `nats://` or `tls://`, a host and perhaps a port; null: this workstation shares with nobody.
 */
server: string | null, 
/**
 * Higher goes first, 0–9; 9 is the province's.
 */
rank: number, 
/**
 * By which the others know this workstation; null: by its person and name.
 */
name: string | null, 
/**
 * A file with the login for the server: one that `nsc` makes, or the seed of an nkey; null: none is asked for.
 */
file: string | null, };

/**
 * Whether there is somebody to share with.
 */
export type SharingState = "alone" | "connecting" | "connected" | "lost";

/**
 * How that stands, for the status line.
 */
export type SharingStatus = { 
/**
 * Whether there is somebody.
 */
state: SharingState, 
/**
 * Workstations that share, this one included; 0 where that is not known.
 */
clients: number, };

/**
 * What came of a sign-in that was not refused.
 */
export type SignIn = "done" | "code_needed";

/**
 * A site in the tree.
 */
export type Site = { 
/**
 * Unique.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * Its recorders.
 */
recorders: Array<Recorder>, 
/**
 * Where it is, if that is known.
 */
position: Position | null, 
/**
 * Which zone it lies in, if any.
 */
zone: Zone | null, };

/**
 * What stands on one tile.
 */
export type Slot = { 
/**
 * Which camera; `None` for an empty tile.
 */
camera: Id | null, 
/**
 * How its picture is laid into the tile.
 */
fit: Fit, 
/**
 * How its picture is turned.
 */
turn: Turn, 
/**
 * It shows what is selected elsewhere.
 */
hotspot: boolean, 
/**
 * What of its picture is seen.
 */
view: View, };

/**
 * How everything stands; sent twice a second.
 */
export type Status = { 
/**
 * Open cameras that differ from the last status; after `load` all.
 */
cameras: Array<CameraStatus>, 
/**
 * Cameras that are no longer open.
 */
closed: Array<Id>, 
/**
 * All open walls.
 */
walls: Array<WallStatus>, 
/**
 * Sites with open streams.
 */
sites: Array<LinkStatus>, 
/**
 * Recorders with open streams.
 */
recorders: Array<LinkStatus>, 
/**
 * Planned share of this machine's decoding, 0–1.
 */
decode_share: number, 
/**
 * Something else keeps this machine so busy that less is shown.
 */
overloaded: boolean, 
/**
 * Open streams.
 */
streams: number, 
/**
 * Of all streams together.
 */
megabits_per_second: number, 
/**
 * Who decodes, e.g. "CPU", "NVDEC", "CPU + VAAPI".
 */
decoder: string, 
/**
 * Whether other workstations are asked for room.
 */
sharing: SharingStatus, 
/**
 * Of all cores, 0–1; null where unknown.
 */
cpu: number | null, 
/**
 * The program's, MiB; null where unknown.
 */
memory_mib: number | null, 
/**
 * Of it, MiB: the last half minute of all streams, from which it can be shown again at once.
 */
remembered_mib: number, };

/**
 * What a camera can do; what it cannot is not offered.
 */
export type SteerAbilities = { 
/**
 * Degrees; null: no motor.
 */
pan: SteerSpan | null, 
/**
 * Degrees below the horizon.
 */
tilt: SteerSpan | null, 
/**
 * Magnification.
 */
zoom: SteerSpan | null, 
/**
 * How many presets it keeps; null: none.
 */
presets: number | null, 
/**
 * Its focus can be moved.
 */
focus: boolean, 
/**
 * Its iris can be moved.
 */
iris: boolean, 
/**
 * What can be switched.
 */
auxiliaries: Array<string>, 
/**
 * Its motors only set it up: for administrators, after a question.
 */
set_up_only: boolean, };

/**
 * Who steers a camera.
 */
export type SteerHolder = "nobody" | "us" | "leaving" | "other" | "asked";

/**
 * What moves a camera.
 */
export type SteerMoving = "still" | "ours" | "others" | "stopping" | "unsure";

/**
 * Where a camera points.
 */
export type SteerPose = { 
/**
 * Degrees.
 */
pan: number, 
/**
 * Degrees below the horizon.
 */
tilt: number, 
/**
 * Magnification.
 */
zoom: number, };

/**
 * A place that a camera keeps.
 */
export type SteerPreset = { 
/**
 * What the device calls it.
 */
token: string, 
/**
 * What people call it; may be empty.
 */
name: string, 
/**
 * When its picture was taken, milliseconds since 1970; null: there is none yet.
 */
seen_ms: number | null, };

/**
 * From the least to the most; null where nobody knows.
 */
export type SteerSpan = { 
/**
 * The least.
 */
least: number | null, 
/**
 * The most.
 */
most: number | null, };

/**
 * A stop of a camera's tour.
 */
export type SteerStop = { 
/**
 * The preset's token.
 */
token: string, 
/**
 * How long it stays, 5–3600 s.
 */
seconds: number, };

/**
 * How a camera stands whose controls are open, or that moves.
 */
export type Steering = { 
/**
 * Which.
 */
camera: Id, 
/**
 * What it can do; null until its device has been met.
 */
abilities: SteerAbilities | null, 
/**
 * Why it cannot be steered, or what it refuses; empty where nothing is wrong.
 */
trouble: string, 
/**
 * Where it points, if it tells.
 */
pose: SteerPose | null, 
/**
 * It stands at a stop of its pan or tilt, or was sent beyond one.
 */
at_limit: boolean, 
/**
 * What moves it.
 */
moving: SteerMoving, 
/**
 * Who steers it.
 */
holder: SteerHolder, 
/**
 * Who steers it, or is to: person and workstation; empty for us and nobody.
 */
by: string, 
/**
 * It may be taken from them.
 */
ours_to_take: boolean, 
/**
 * Who has taken it from us last; empty for nobody.
 */
lost_to: string, 
/**
 * Its presets, once they were asked for.
 */
presets: Array<SteerPreset> | null, 
/**
 * It goes round through presets.
 */
touring: boolean, 
/**
 * Its mount is unlocked.
 */
unlocked: boolean, };

/**
 * What the inventory is now; also told when it changes.
 */
export type Stock = { 
/**
 * What it is of.
 */
province: string, 
/**
 * The tree, as far as the person may see it.
 */
districts: Array<District>, };

/**
 * As what the inventory is handed out.
 */
export type StockFormat = "csv" | "json" | "signed";

/**
 * Where the inventory comes from and who vouches for it.
 */
export type StockState = { 
/**
 * What there is.
 */
counts: Counts, 
/**
 * A folder or an HTTPS address that it is fetched from; null: it is kept on this machine only.
 */
source: string | null, 
/**
 * When it was fetched last, in milliseconds since 1970.
 */
fetched: number | null, 
/**
 * Why the last fetch failed; empty when it didn't.
 */
problem: string, 
/**
 * The key whose signature is asked for, as groups to compare by eye.
 */
enrolled_key: string | null, 
/**
 * This machine's own signing key, as groups to compare by eye.
 */
own_key: string | null, 
/**
 * The serial number of the signed inventory in use.
 */
serial: number | null, };

/**
 * One camera or several by one name.
 */
export type Subject = { "kind": "camera", 
/**
 * The camera's.
 */
id: Id, } | { "kind": "recorder", 
/**
 * The recorder's.
 */
id: Id, } | { "kind": "site", 
/**
 * The site's.
 */
id: Id, } | { "kind": "district", 
/**
 * The district's.
 */
name: string, };

/**
 * Where the wall lies in the page, and which parts of it the page wants to show itself (menus, dialogs, controls).
 */
export type Surface = { 
/**
 * The wall; without width it is hidden.
 */
wall: Box, 
/**
 * Left out of it.
 */
holes: Array<Box>, 
/**
 * Physical pixels a CSS pixel.
 */
scale: number, };

/**
 * Whether a camera can be spoken through.
 */
export type TalkStanding = "not_offered" | "offered" | "opening" | "speaking" | "failed";

/**
 * How the page looks.
 */
export type Theme = "dark" | "light" | "system";

/**
 * A point of a tile: shares of its width and height from its upper left corner.
 */
export type TilePoint = { 
/**
 * From the left.
 */
x: number, 
/**
 * From above.
 */
y: number, };

/**
 * Kept layouts one after the other, for ever.
 */
export type Tour = { 
/**
 * Unique.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * Everybody on this workstation may start it.
 */
shared: boolean, 
/**
 * The person may change and remove it.
 */
own: boolean, 
/**
 * In their order.
 */
stops: Array<TourStop>, };

/**
 * A tour to be kept; with the id of one of one's own it replaces that one.
 */
export type TourFields = { 
/**
 * Null: a new one.
 */
id: Id | null, 
/**
 * As people call it.
 */
name: string, 
/**
 * Everybody on this workstation may start it.
 */
shared: boolean, 
/**
 * In their order; at least one.
 */
stops: Array<TourStop>, };

/**
 * A stop of a tour.
 */
export type TourStop = { 
/**
 * Which kept layout.
 */
layout: Id, 
/**
 * How long it stays, in seconds, 3–3600.
 */
seconds: number, };

/**
 * A clockwise turn of the picture (hallway view).
 */
export type Turn = "none" | "quarter" | "half" | "three_quarters";

/**
 * Where a camera was sent by a click or a box.
 */
export type Turned = { 
/**
 * There.
 */
pose: SteerPose, 
/**
 * That is the nearest place that its motors reach.
 */
at_limit: boolean, };

/**
 * What of a picture is seen, as it is kept with a tile and under a name.
 */
export type View = { 
/**
 * What stands in the middle of the tile: millionths of the picture's width from its left edge.
 */
x: number, 
/**
 * Millionths of the picture's height from its upper edge.
 */
y: number, 
/**
 * Thousandths: 1000 shows the whole picture, 2000 half its width and height.
 */
zoom: number, 
/**
 * Degrees clockwise, 0–359, on top of the tile's turn.
 */
rotation: number, 
/**
 * The lens is corrected for, where it is known.
 */
corrected: boolean, };

/**
 * A view of a camera's picture that somebody has kept; everybody on this workstation may go to it.
 */
export type ViewPreset = { 
/**
 * Unique among the camera's.
 */
id: Id, 
/**
 * As people call it.
 */
name: string, 
/**
 * The person may remove it.
 */
own: boolean, 
/**
 * What is seen.
 */
view: View, };

/**
 * How many watch a camera.
 */
export type Viewers = { 
/**
 * All of them, ourselves included.
 */
used: number, 
/**
 * As many may.
 */
limit: number, };

/**
 * All of it.
 */
export type Views = { 
/**
 * Of the cameras that the person may see; those of which nothing is known are left out.
 */
cameras: Array<CameraViews>, 
/**
 * Lenses to choose from.
 */
lenses: Array<KnownLens>, };

/**
 * `id` 0 is the wall in the main window. The tile at index `i` of the layout shows slot `page * cells.length + i`.
 *
 * Always true: the last slot is used; the page exists; what is selected has a tile; what is enlarged has a
 * camera.
 */
export type Wall = { id: number, 
/**
 * The monitor it belongs to; null for the main window's.
 */
monitor: string | null, layout: Layout, 
/**
 * All of its cameras, page after page; a missing slot is an empty tile.
 */
slots: Array<Slot>, page: number, 
/**
 * How many pages the slots fill, at least 1.
 */
pages: number, 
/**
 * Index into slots (may lie beyond their end: an empty tile).
 */
selected: number | null, 
/**
 * Index into slots of the camera that covers the whole wall.
 */
enlarged: number | null, 
/**
 * Seconds after which the page turns by itself.
 */
turning: number | null, 
/**
 * What it asks for.
 */
pictures: Pictures, };

/**
 * How a wall stands.
 */
export type WallStatus = { 
/**
 * Which.
 */
id: number, 
/**
 * Tiles with a camera.
 */
cameras: number, 
/**
 * Those of them that are live.
 */
live: number, 
/**
 * All tiles together.
 */
pictures_per_second: number, 
/**
 * Who draws, e.g. "AVX2" or "Vulkan: NVIDIA RTX A2000".
 */
renderer: string, };

/**
 * How long somebody had a camera on a screen.
 */
export type Watched = { 
/**
 * Which.
 */
camera: Id, 
/**
 * Who.
 */
account: string, 
/**
 * How long altogether, seconds.
 */
seconds: number, 
/**
 * In how many unbroken stretches.
 */
watches: number, 
/**
 * The largest tile, pixels.
 */
largest: [number, number], 
/**
 * The part of its wall that it took, 0–1: the mean over the time.
 */
share: number, 
/**
 * Stretches without an end in the log, as after a crash: they count up to the last sign of life.
 */
unended: number, };

/**
 * What a password lacks.
 */
export type Weakness = "short" | "classes" | "name" | "common" | "used" | "long" | "unseen";

/**
 * The colours of the province's map of zones.
 */
export type Zone = "green" | "yellow" | "orange" | "red";

/**
 * A site's new zone.
 */
export type ZoneMark = { 
/**
 * Which.
 */
site: Id, 
/**
 * Null: in none.
 */
zone: Zone | null, };
