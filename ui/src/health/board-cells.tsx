import type { ReactNode } from "react";
import type { Health, Language } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { cameras } from "../words/counts";
import { measured } from "../words/numbers";
import { ago, clockInWords, exactly, lasting } from "../words/times";
import { ConditionMark } from "./condition-mark";
import type { Line } from "./rows";

/** What stands in a line of the board. `now`: one moment for all lines, so that they agree. */
export function BoardCells({ line, now }: { line: Line; now: number }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  switch (line.kind) {
    case "group":
      return (
        <span role="gridcell" className="board-group">
          {line.attention ? m.page_board_attention() : m.page_board_calm()}
          <span className="board-count">{line.count}</span>
        </span>
      );
    case "site":
      return (
        <span role="gridcell" className="board-place">
          <bdi>{line.site.name}</bdi>
          <span className="quiet">
            <bdi>{line.district.name}</bdi> · {cameras(line.cameras)}
          </span>
        </span>
      );
    case "recorder":
      return (
        <>
          <Cell name={m.page_board_condition()}>
            <ConditionMark condition={line.health.condition} />
          </Cell>
          <Cell name={m.page_board_recorder()} wide title={line.recorder.name}>
            <bdi>{line.recorder.name}</bdi>
          </Cell>
          <HealthCells health={line.health} language={language} now={now} />
        </>
      );
    case "camera":
      return (
        <>
          <Cell name={m.page_board_condition()}>
            <ConditionMark condition={line.health.condition} />
          </Cell>
          <Cell name={m.page_board_camera()} title={line.name} strong>
            <bdi>{line.name}</bdi>
          </Cell>
          <Cell name={m.page_board_site()} title={`${line.site.name} · ${line.district.name}`}>
            <bdi>{line.site.name}</bdi>
          </Cell>
          <HealthCells health={line.health} language={language} now={now} />
        </>
      );
  }
}

function HealthCells({ health, language, now }: { health: Health; language: Language; now: number }) {
  const watched = health.condition === "live" || health.condition === "dark" || health.condition === "waiting";
  return (
    <>
      <Cell name={m.page_board_why()} title={`${health.text} ${health.detail}`}>
        {health.clock === null ? null : <strong className="board-clock">{clockInWords(health.clock, language)} </strong>}
        {health.text ? (
          <>
            {health.text}
            <span className="quiet"> {health.detail}</span>
          </>
        ) : (
          <span className="quiet">{seenInWords(health, language, now)}</span>
        )}
      </Cell>
      <Cell name={m.page_board_since()} title={health.since === null ? "" : exactly(health.since, language)}>
        {health.since === null ? <None /> : lasting(now - health.since, language)}
      </Cell>
      <Cell name={m.page_board_rate_mbps()} number>
        <Rate health={health} language={language} />
      </Cell>
      <Cell name={m.page_board_pictures()} number>
        {watched && health.rate > 0 ? measured(health.rate, language) : <None />}
      </Cell>
      <Cell name={m.page_board_age()} number>
        {health.age === null ? <None /> : m.page_seconds_short({ seconds: measured(health.age, language) })}
      </Cell>
      <Cell name={m.page_board_decoder()}>{health.decoder || <None />}</Cell>
    </>
  );
}

/** Of what nobody watches: when it last answered. */
export function seenInWords(health: Health, language: Language, now: number): string {
  if (health.condition === "live") return "";
  if (health.seen === null) return m.page_board_never_seen();
  return m.page_board_seen({ ago: ago(health.seen, language, now) });
}

function Rate({ health, language }: { health: Health; language: Language }) {
  if (health.mbps === 0 && health.limit === null) return <None />;
  const used = measured(health.mbps, language);
  if (health.limit === null) return used;
  const share = health.mbps / health.limit;
  return (
    <span className="board-meter" data-full={share >= 0.8 || undefined}>
      <span className="board-meter-bar" style={{ inlineSize: `${Math.min(share, 1) * 100}%` }} aria-hidden="true" />
      {m.page_share({ part: used, all: measured(health.limit, language) })}
    </span>
  );
}

function None() {
  return (
    <span className="quiet" aria-hidden="true">
      –
    </span>
  );
}

type CellProps = { name: string; title?: string; wide?: boolean; number?: boolean; strong?: boolean; children: ReactNode };

function Cell({ name, title, wide = false, number = false, strong = false, children }: CellProps) {
  return (
    <span
      role="gridcell"
      className={number ? "number" : ""}
      data-wide={wide || undefined}
      data-strong={strong || undefined}
      title={title?.trim() || undefined}
    >
      <span className="unseen">{name}: </span>
      {children}
    </span>
  );
}
