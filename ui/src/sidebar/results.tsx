import { Fragment } from "react";
import { useApp } from "../state/app";
import { useDrag } from "../drag/context";
import { subjectOf, type Hit, type Stretch } from "../search/search";
import { m } from "../paraglide/messages.js";
import { CameraDot } from "../parts/camera-dot";
import { Rows, useRowHeight } from "../parts/rows";
import { useStore } from "../state/store";
import { place, placing } from "../wall/commands";
import { cameras } from "../words/counts";
import { SubjectIcon } from "./subject-icon";

export const RESULTS_ID = "results";
export const resultId = (index: number) => `result-${index}`;

type Props = { hits: Hit[]; active: number; onActive: (index: number) => void };

export function Results({ hits, active, onActive }: Props) {
  const rowHeight = useRowHeight(44 / 13);
  return (
    <Rows
      count={hits.length}
      rowHeight={rowHeight}
      active={active}
      attributes={{ role: "listbox", id: RESULTS_ID, "aria-label": m.page_results() }}
      row={(index, style) => {
        const hit = hits[index];
        if (!hit) return null;
        return (
          <Result
            key={`${hit.entry.kind}/${hit.entry.id}`}
            hit={hit}
            index={index}
            count={hits.length}
            active={index === active}
            style={style}
            onActive={() => onActive(index)}
          />
        );
      }}
    />
  );
}

type ResultProps = {
  hit: Hit;
  index: number;
  count: number;
  active: boolean;
  style: React.CSSProperties;
  onActive: () => void;
};

function Result({ hit, index, count, active, style, onActive }: ResultProps) {
  const app = useApp();
  const drag = useDrag();
  const { entry } = hit;
  const look = useStore(app.cameras, (all) => (entry.kind === "camera" ? all.get(entry.id)?.look : undefined));
  return (
    <div
      id={resultId(index)}
      role="option"
      aria-selected={active}
      aria-posinset={index + 1}
      aria-setsize={count}
      className="row result"
      style={style}
      onPointerDown={(event) => {
        // The focus stays in the field, so that typing goes on.
        event.preventDefault();
        onActive();
        if (event.pointerType !== "touch") drag.press(event, { kind: "subject", subject: subjectOf(entry) });
      }}
      onPointerEnter={() => app.outlook.look(app.wall().id, placing(app, subjectOf(entry)))}
      onPointerLeave={app.outlook.lookAway}
      onDoubleClick={() => place(app, subjectOf(entry))}
    >
      <SubjectIcon subject={entry} />
      <span className="result-words">
        <bdi className="row-name" title={entry.name}>
          <Highlighted text={entry.name} stretches={hit.stretches} />
        </bdi>
        <span className="result-place">
          <bdi>{entry.place}</bdi>
          {entry.kind === "site" ? <span>{cameras(entry.cameras)}</span> : null}
        </span>
      </span>
      {look ? <CameraDot look={look} /> : null}
    </div>
  );
}

function Highlighted({ text, stretches }: { text: string; stretches: Stretch[] }) {
  return stretches.length === 0 ? (
    text
  ) : (
    <>
      {stretches.map(({ from, to }, index) => (
        <Fragment key={from}>
          {text.slice(stretches[index - 1]?.to ?? 0, from)}
          <mark>{text.slice(from, to)}</mark>
        </Fragment>
      ))}
      {text.slice(stretches.at(-1)?.to)}
    </>
  );
}
