import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { clockInWords, exactly } from "../words/times";
import { seenInWords } from "./board-cells";
import { ConditionMark } from "./condition-mark";
import type { Line } from "./rows";

/** The chosen line in full, where the table had to cut it short. */
export function Particulars({ line, now }: { line: Line | undefined; now: number }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  if (!line || line.kind === "group" || line.kind === "site") return null;
  const { health } = line;
  return (
    <section className="board-particulars" aria-label={m.page_board_chosen()}>
      <div className="board-particulars-head">
        <ConditionMark condition={health.condition} />
        <strong>
          <bdi>{line.kind === "camera" ? line.name : line.recorder.name}</bdi>
        </strong>
        {line.kind === "camera" ? (
          <span className="quiet">
            <bdi>{line.recorder.name}</bdi> · <bdi>{line.site.name}</bdi> · <bdi>{line.district.name}</bdi>
          </span>
        ) : null}
      </div>
      <p>
        {health.clock === null ? null : (
          <>
            <strong>{clockInWords(health.clock, language)}. </strong>
            {m.page_board_clock_detail()}{" "}
          </>
        )}
        {health.text ? <strong>{health.text}. </strong> : null}
        {health.detail ? `${health.detail}. ` : null}
        <span className="quiet">
          {health.since === null ? null : `${m.page_board_since_when({ when: exactly(health.since, language) })} `}
          {seenInWords(health, language, now)}
        </span>
      </p>
    </section>
  );
}
