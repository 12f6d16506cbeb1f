// The days of a month, and what recorders hold of them; opened from the date in the bar.

import { useEffect, useRef, useState } from "react";
import { Button, Dialog, DialogTrigger } from "react-aria-components";
import { CalendarDays, ChevronLeft, ChevronRight } from "lucide-react";
import type { DayHeld, Id, Language } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringPopover } from "../parts/covering";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { locale } from "../words/numbers";
import { useDays } from "./days";
import { dayAfter, dayOf, monthAfter, monthOf, placeIn, sameDay, weekdays, weeksOf } from "./month";
import { moment } from "./words";

type Props = { at: number; now: number; cameras: readonly Id[]; onSeek: (at: number) => void };

export function DateButton({ at, now, cameras, onSeek }: Props) {
  const app = useApp();
  const go = async (day: number) => {
    const period = { from: day * 1000, until: dayAfter(day, 1) * 1000 };
    // What one of them refuses, others have.
    const found = await Promise.all(cameras.map((camera) => app.backend.recorded(camera, period).catch(() => [])));
    const spans = found.flat().map(({ period: { from, until } }) => ({ from: from / 1000, until: until / 1000 }));
    onSeek(placeIn(day, at, spans, now));
  };
  return (
    <DialogTrigger>
      <Button className="text-button playback-time" aria-label={m.page_playback_calendar_open({ time: moment(at) })}>
        <CalendarDays aria-hidden="true" />
        <time>{moment(at)}</time>
      </Button>
      <CoveringPopover placement="top">
        <Dialog className="calendar" aria-label={m.page_playback_calendar()}>
          {({ close }) => (
            <Calendar
              at={at}
              now={now}
              cameras={cameras}
              onDay={(day) => {
                close();
                app.run(go(day));
              }}
            />
          )}
        </Dialog>
      </CoveringPopover>
    </DialogTrigger>
  );
}

type CalendarProps = { at: number; now: number; cameras: readonly Id[]; onDay: (day: number) => void };

function Calendar({ at, now, cameras, onDay }: CalendarProps) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const chosen = dayOf(at);
  const today = dayOf(now);
  const [focused, setFocused] = useState(chosen);
  const month = monthOf(focused);
  const days = useDays(cameras, month);
  const title = new Intl.DateTimeFormat(locale(language), { month: "long", year: "numeric" }).format(new Date(focused));
  const to = (day: number) => setFocused(Math.min(day, today));
  const isLast = monthAfter(month, 1).year * 12 + monthAfter(month, 1).month > monthOf(today).year * 12 + monthOf(today).month;
  const onKey = (event: React.KeyboardEvent) => {
    const next = keyed(focused, event.key, event.shiftKey);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    to(next);
  };
  return (
    <>
      <header className="calendar-head">
        <IconButton label={m.page_playback_calendar_before()} keys="Page Up" onPress={() => to(sameDay(focused, -1))}>
          <ChevronLeft />
        </IconButton>
        <h2 aria-live="polite">{title}</h2>
        <IconButton label={m.page_playback_calendar_after()} keys="Page Down" isDisabled={isLast} onPress={() => to(sameDay(focused, 1))}>
          <ChevronRight />
        </IconButton>
      </header>
      <table role="grid" aria-label={title} onKeyDown={onKey}>
        <thead>
          <tr>
            {weekdays(locale(language), language === "vi" ? "narrow" : "short").map((name, index) => (
              <th key={name} scope="col" abbr={weekdays(locale(language), "long")[index]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week, index) => (
            <tr key={index}>
              {week.map((day, place) =>
                day === null ? (
                  <td key={place} />
                ) : (
                  <Day
                    key={day}
                    day={day}
                    held={day > today ? "nothing" : (days.get(day) ?? "unknown")}
                    language={language}
                    isChosen={day === chosen}
                    isToday={day === today}
                    isFocused={day === focused}
                    isFuture={day > today}
                    onDay={onDay}
                  />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="calendar-key" aria-hidden="true">
        {(["footage", "motion", "nothing", "unknown"] as const).map((held) => (
          <li key={held} data-held={held}>
            <span className="calendar-mark" />
            {heldInWords(held)}
          </li>
        ))}
      </ul>
    </>
  );
}

type DayProps = {
  day: number;
  held: DayHeld;
  language: Language;
  isChosen: boolean;
  isToday: boolean;
  isFocused: boolean;
  isFuture: boolean;
  onDay: (day: number) => void;
};

function Day({ day, held, language, isChosen, isToday, isFocused, isFuture, onDay }: DayProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isFocused) button.current?.focus();
  }, [isFocused]);
  const date = new Intl.DateTimeFormat(locale(language), { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(day));
  const words = isFuture ? date : m.page_playback_calendar_day({ date, held: heldInWords(held) });
  return (
    <td role="gridcell" aria-selected={isChosen} data-held={isFuture ? undefined : held}>
      <button
        ref={button}
        type="button"
        tabIndex={isFocused ? 0 : -1}
        aria-label={words}
        aria-current={isToday ? "date" : undefined}
        disabled={isFuture}
        onClick={() => onDay(day)}
      >
        {new Date(day).getDate()}
        <span className="calendar-mark" />
      </button>
    </td>
  );
}

function heldInWords(held: DayHeld): string {
  switch (held) {
    case "unknown":
      return m.page_playback_calendar_unknown();
    case "nothing":
      return m.page_playback_calendar_nothing();
    case "footage":
      return m.page_playback_calendar_footage();
    case "motion":
      return m.page_playback_calendar_motion();
  }
}

/** Where a key of the grid leads; null: it means nothing there. */
function keyed(day: number, key: string, shift: boolean): number | null {
  const weekday = (new Date(day).getDay() + 6) % 7;
  switch (key) {
    case "ArrowLeft":
      return dayAfter(day, -1);
    case "ArrowRight":
      return dayAfter(day, 1);
    case "ArrowUp":
      return dayAfter(day, -7);
    case "ArrowDown":
      return dayAfter(day, 7);
    case "Home":
      return dayAfter(day, -weekday);
    case "End":
      return dayAfter(day, 6 - weekday);
    case "PageUp":
      return sameDay(day, shift ? -12 : -1);
    case "PageDown":
      return sameDay(day, shift ? 12 : 1);
    default:
      return null;
  }
}
