// From and until, typed.

import { useState } from "react";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { moment } from "../playback/words";
import { typed } from "./times";

type Span = { from: number; until: number };
type Props = { span: Span; onSpan: (span: Span) => void };

export function SpanFields({ span, onSpan }: Props) {
  return (
    <div className="field-row field-row-top">
      <TimeField label={m.page_incident_from()} at={span.from} onAt={(from) => onSpan({ ...span, from })} />
      <TimeField label={m.page_incident_until()} at={span.until} onAt={(until) => onSpan({ ...span, until })} />
    </div>
  );
}

/** What is typed counts once it is a time; until then the one before does. */
function TimeField({ label, at, onAt }: { label: string; at: number; onAt: (at: number) => void }) {
  const [text, setText] = useState(() => moment(at));
  // A time without a day is of the day that stands there.
  const wrong = typed(text, at) === null;
  return (
    <Field
      label={label}
      value={text}
      aria-invalid={wrong || undefined}
      hint={wrong ? m.page_incident_time_wrong() : undefined}
      placeholder={m.page_incident_time_hint()}
      onChange={(event) => {
        setText(event.target.value);
        const read = typed(event.target.value, at);
        if (read !== null) onAt(read);
      }}
    />
  );
}
