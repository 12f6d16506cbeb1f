// Made from the program's own types (src-tauri/src/wire) by `make wire`: change them there.

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
subject: Subject, } | { "kind": "clear", 
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
turn: Turn, } | { "kind": "border", 
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
 * Which lines a border lies between.
 */
export type Axis = "column" | "row";

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
profile: Profile | null, };

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
can_redo: boolean, };

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
 * How a picture is laid into a tile of another shape.
 */
export type Fit = "fit" | "fill" | "stretch";

/**
 * Name of a camera, recorder or site; unique in the inventory. 1–200 bytes without control characters: it comes from
 * files that people edit, and ends in logs, on tiles and in other files. Copies share the text.
 */
export type Id = string;

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
 * How urgent a notice is.
 */
export type Level = "info" | "warning" | "error";

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
 * How a picture is saved.
 */
export type PictureFormat = "png" | "jpeg";

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
 * A picture has been saved.
 */
export type SavedPicture = { 
/**
 * Where.
 */
path: string, };

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
captions: boolean, };

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
recorders: Array<Recorder>, };

/**
 * What the plan takes of a site's line.
 */
export type SiteStatus = { 
/**
 * Which.
 */
id: Id, 
/**
 * Mb/s of the streams that are open.
 */
used: number, 
/**
 * Mb/s that it carries.
 */
limit: number, };

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
turn: Turn, };

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
 * Sites with open streams whose line is known.
 */
sites: Array<SiteStatus>, 
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
 * Of all cores, 0–1; null where unknown.
 */
cpu: number | null, 
/**
 * The program's, MiB; null where unknown.
 */
memory_mib: number | null, };

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
 * How the page looks.
 */
export type Theme = "dark" | "light" | "system";

/**
 * A clockwise turn of the picture (hallway view).
 */
export type Turn = "none" | "quarter" | "half" | "three_quarters";

/**
 * `id` 0 is the wall in the main window. The tile at index `i` of the layout shows slot `page * cells.length + i`.
 *
 * Always true: the last slot has a camera; the page exists; what is selected has a tile; what is enlarged has a
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
turning: number | null, };

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
