// A rule in words.

import type { DaySpan, EventAct, EventKind, EventRule } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { type Inventory, subjectName } from "../state/inventory";

export const EVENT_NAMES: Record<EventKind, () => string> = {
  motion: m.page_event_motion,
  tampering: m.page_event_tampering,
  video_loss: m.page_event_video_loss,
  alarm_input: m.page_event_alarm_input,
};

export const EVENTS = Object.keys(EVENT_NAMES) as EventKind[];

/** What has to be noticed, and where and when. */
export function causeInWords(rule: EventRule, inventory: Inventory): string {
  const on = EVENTS.filter((kind) => rule.on.includes(kind)).map((kind) => EVENT_NAMES[kind]());
  const at = rule.at.kind === "any" ? m.page_alarm_rule_anywhere() : subjectName(inventory, rule.at);
  return [on.join(", "), at, rule.between ? spanInWords(rule.between) : null].filter((part) => part !== null).join(" · ");
}

export function actInWords(act: EventAct, inventory: Inventory): string {
  switch (act.kind) {
    case "hotspot":
      return m.page_alarm_rule_told_hotspot({ seconds: act.seconds });
    case "wall":
      return m.page_alarm_rule_told_wall({ wall: act.wall, seconds: act.seconds });
    case "preset":
      return act.camera === null
        ? m.page_alarm_rule_told_preset({ preset: act.token })
        : m.page_alarm_rule_told_preset_of({ preset: act.token, camera: subjectName(inventory, { kind: "camera", id: act.camera }) });
    case "sound":
      return m.page_alarm_rule_sound();
    case "mark":
      return m.page_alarm_rule_mark();
  }
}

export function spanInWords({ from, until }: DaySpan): string {
  return `${hourOf(from)}–${hourOf(until)}`;
}

/** 07:30, as a time field wants it, too. */
export function hourOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Null for what is no time of day. */
export function minuteOf(hour: string): number | null {
  const [, h, min] = /^(\d{2}):(\d{2})/.exec(hour) ?? [];
  const minute = Number(h) * 60 + Number(min);
  return minute >= 0 && minute < 1440 ? minute : null;
}
