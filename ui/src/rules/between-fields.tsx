import type { DaySpan } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { hourOf, minuteOf } from "./words";

type Props = { value: DaySpan; onChange: (value: DaySpan) => void };

/** From one time of day until another; over midnight where that is earlier. */
export function BetweenFields({ value, onChange }: Props) {
  const set = (part: keyof DaySpan, typed: string) => {
    const minute = minuteOf(typed);
    const next = minute === null ? value : { ...value, [part]: minute };
    // Both the same would be no time at all.
    if (minute !== null && next.from !== next.until) onChange(next);
  };
  return (
    <div className="field-row">
      <Field type="time" label={m.page_alarm_rule_from()} value={hourOf(value.from)} onChange={(event) => set("from", event.target.value)} />
      <Field type="time" label={m.page_alarm_rule_until()} value={hourOf(value.until)} onChange={(event) => set("until", event.target.value)} />
    </div>
  );
}
