// The bar under a wall that plays recordings.

import { useEffect, useState } from "react";
import { Button, Input, TextField } from "react-aria-components";
import { BookmarkPlus, ChevronLeft, ChevronRight, CirclePause, FastForward, PackagePlus, Pause, Play, Radio, Repeat2, Rewind, RotateCcw, ScanSearch, SkipBack, SkipForward, Undo2, ZoomIn, ZoomOut } from "lucide-react";
import type { Id, Playback, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton, IconToggle } from "../parts/icon-button";
import { readDate } from "../records/dates";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { exportHere, markHere } from "../incidents/here";
import { BACK, changeSpeed, holdOrNot, onPlayKey, placeIn, play, playOrPause, repeatFrom, repeatHere, reverse, seek, skip, toggle } from "./commands";
import { keyOf } from "../wall/keys";
import { cameraAt, shownSelection } from "../wall/view";
import { DateButton } from "./calendar";
import { nextEvent } from "./events";
import { MotionResults } from "./motion/motion-results";
import { foundOf } from "./motion/search";
import { useRecorded } from "./recorded";
import { following, untilNow, HOUR, zoomed, type Window } from "./timeline";
import { Timeline } from "./timeline-canvas";
import { moment, rate } from "./words";

/** Today's spans grow while one looks at them. */
const RENEWED = 30_000;

export function PlaybackBar({ wall, playback }: { wall: Wall; playback: Playback }) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const at = placeIn(playback);
  const now = useNow();
  const [chosen, setChosen] = useState<Window>({ from: at - HOUR / 2, until: at + HOUR / 2 });
  const shown = following(untilNow(chosen, now), at);
  const cameras = playback.cameras.map((each) => each.camera);
  const held = useRecorded(cameras, shown, now);
  const names = useStore(app.inventory, ({ places }) => places);
  const search = useStore(app.motion, (searches) => searches.get(wall.id)) ?? null;
  const found = foundOf(search);
  const rows = cameras.map((camera) => ({
    camera,
    name: names.get(camera)?.camera.name ?? camera,
    spans: held.get(camera) ?? null,
    found: found.get(camera) ?? [],
  }));
  const looked = rows.find(({ camera }) => camera === chosenCamera(wall)) ?? null;
  const holding = playback.cameras.some((each) => each.camera === looked?.camera && each.held);
  const book = useStore(app.incidents);
  const flags = book.bookmarks
    .filter((mark) => mark.cameras.some((camera) => cameras.includes(camera)))
    .map((mark) => ({ from: mark.period.from / 1000, until: mark.period.until / 1000, words: mark.words || m.page_bookmark() }));
  const stands = playback.rate === 0;
  const how = stands ? m.page_playback_paused() : playback.waits ? m.page_playback_waits() : rate(playback.rate, language);
  const begun = useStore(repeatFrom);
  const repeat = playback.repeat && { from: playback.repeat.from / 1000, until: playback.repeat.until / 1000 };
  const repeats = repeat ? m.page_playback_repeat_off() : begun === null ? m.page_playback_repeat_from() : m.page_playback_repeat_until();
  const inFound = rows.some((row) => row.found.some((hit) => hit.from <= at && at < hit.until));
  const searchFor = (looked ?? rows[0])?.camera;
  const lookForMotion = (camera: Id) => app.view.patch({ dialog: { motion: { wall: wall.id, camera, at, shown, repeat } } });
  const onKey = (event: React.KeyboardEvent) => {
    if ((event.target as Element).matches("input") || event.defaultPrevented || event.altKey || event.metaKey) return;
    // A button is pressed by its own space.
    if (event.key === " " && (event.target as Element).matches("button")) return;
    if (onPlayKey(app, keyOf(event.nativeEvent), event)) event.preventDefault();
  };
  return (
    <section className="playback" aria-label={m.page_playback()} onKeyDown={onKey}>
      {search ? <MotionResults search={search} at={at} onAgain={() => lookForMotion(search.camera)} /> : null}
      <Timeline
        wall={wall.id}
        looked={looked ?? rows[0] ?? null}
        window={shown}
        at={at}
        now={now}
        rows={rows}
        repeat={repeat ?? (begun === null ? null : { from: Math.min(begun, at), until: Math.max(begun, at) })}
        flags={flags}
        valueText={inFound ? `${moment(at)}, ${how}, ${m.page_motion_here()}` : `${moment(at)}, ${how}`}
        onWindow={setChosen}
        onSeek={(to) => seek(app, to)}
      />
      <div className="playback-row" role="toolbar" aria-label={m.page_playback_controls()}>
        <IconButton label={m.page_playback_back_10()} keys="J" onPress={() => skip(app, -BACK)}>
          <RotateCcw />
        </IconButton>
        <IconButton label={m.page_playback_step_back()} keys="," onPress={() => play(app, { kind: "step", back: true })}>
          <ChevronLeft />
        </IconButton>
        <IconButton label={stands ? m.page_playback_play() : m.page_playback_pause()} keys={m.page_playback_space()} onPress={() => playOrPause(app)}>
          {stands ? <Play /> : <Pause />}
        </IconButton>
        <IconButton label={m.page_playback_step()} keys="." onPress={() => play(app, { kind: "step", back: false })}>
          <ChevronRight />
        </IconButton>
        <IconToggle
          label={holding ? m.page_playback_unhold() : m.page_playback_hold()}
          keys={`Shift+${m.page_playback_space()}`}
          isSelected={holding}
          isDisabled={looked === null}
          onChange={() => holdOrNot(app)}
        >
          <CirclePause />
        </IconToggle>
        <IconButton label={m.page_playback_event_before()} keys="Shift+J" onPress={() => nextEvent(app, true)}>
          <SkipBack />
        </IconButton>
        <IconButton label={m.page_playback_next_event()} keys="Shift+K" onPress={() => nextEvent(app, false)}>
          <SkipForward />
        </IconButton>
        <IconButton label={m.page_playback_slower()} keys="Shift+," onPress={() => changeSpeed(app, false)}>
          <Rewind />
        </IconButton>
        <span className="playback-rate">{rate(playback.chosen, language)}</span>
        <IconButton label={m.page_playback_faster()} keys="Shift+." onPress={() => changeSpeed(app, true)}>
          <FastForward />
        </IconButton>
        <IconToggle label={m.page_playback_reverse()} keys="B" isSelected={playback.chosen < 0} onChange={() => reverse(app)}>
          <Undo2 />
        </IconToggle>
        <IconToggle label={repeats} keys="Shift+L" isSelected={playback.repeat !== null || begun !== null} onChange={() => repeatHere(app)}>
          <Repeat2 />
        </IconToggle>
        <IconButton
          id="motion-search"
          label={m.page_motion()}
          keys="Shift+F"
          isDisabled={searchFor === undefined}
          onPress={() => searchFor !== undefined && lookForMotion(searchFor)}
        >
          <ScanSearch />
        </IconButton>
        <IconButton label={m.page_bookmark()} keys="D" onPress={() => markHere(app)}>
          <BookmarkPlus />
        </IconButton>
        {app.may("export") ? (
          <IconButton label={m.page_export_footage()} onPress={() => exportHere(app)}>
            <PackagePlus />
          </IconButton>
        ) : null}
        <DateButton at={at} now={now} cameras={looked ? [looked.camera] : cameras} onSeek={(to) => seek(app, to)} />
        <Troubles playback={playback} />
        <span className="bar-space" />
        <GoTo now={now} />
        <IconButton label={m.page_playback_zoom_in()} keys="+" onPress={() => setChosen(zoomed(shown, at, 0.5))}>
          <ZoomIn />
        </IconButton>
        <IconButton label={m.page_playback_zoom_out()} keys="-" onPress={() => setChosen(zoomed(shown, at, 2))}>
          <ZoomOut />
        </IconButton>
        <Button className="button" onPress={() => toggle(app)} data-wall={wall.id}>
          <Radio aria-hidden="true" /> {m.page_playback_live()}
        </Button>
      </div>
    </section>
  );
}

/** The camera of the selected tile. */
function chosenCamera(wall: Wall): Id | null {
  const selected = shownSelection(wall);
  return selected === null ? null : cameraAt(wall, selected);
}

/** Of how many cameras nothing is shown, and why. */
function Troubles({ playback }: { playback: Playback }) {
  const count = (standing: string) => playback.cameras.filter((camera) => camera.standing === standing).length;
  const parts = [
    { n: count("hole"), say: m.page_playback_holes },
    { n: count("loading"), say: m.page_playback_loads },
    { n: count("in_line"), say: m.page_playback_lines },
    { n: count("refused"), say: m.page_playback_refusals },
  ];
  const said = parts.filter(({ n }) => n > 0).map(({ n, say }) => say({ count: n }));
  return <span className="playback-troubles">{said.join(" · ")}</span>;
}

/** A time that somebody types, and Enter. */
function GoTo({ now }: { now: number }) {
  const app = useApp();
  const [text, setText] = useState("");
  const read = readDate(text, now);
  const invalid = read === null;
  return (
    <TextField className="playback-go" aria-label={m.page_playback_go()} value={text} onChange={setText} isInvalid={invalid}>
      <Input
        id="play-time"
        placeholder={m.page_playback_go_example()}
        onKeyDown={(event) => {
          if (event.key === "Enter" && typeof read === "number") {
            seek(app, read);
            setText("");
          }
        }}
      />
    </TextField>
  );
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), RENEWED);
    return () => clearInterval(timer);
  }, []);
  return now;
}
