// How a search for motion stands, above the time line: what it has found while it goes on, and what it has not looked at.

import { useEffect, useRef, useState, type CSSProperties } from "react";
import { Button, ProgressBar } from "react-aria-components";
import { CircleStop, ScanSearch, X } from "lucide-react";
import type { MotionHit, MotionSearch, RecordedPicture } from "../../ipc/wire";
import { cameraName } from "../../incidents/names";
import { m } from "../../paraglide/messages.js";
import { placed } from "../../parts/area-stage";
import { IconButton } from "../../parts/icon-button";
import { useApp } from "../../state/app";
import { useStore } from "../../state/store";
import { lasting } from "../../words/times";
import { percent } from "../../words/numbers";
import { seek } from "../commands";
import { moment } from "../words";
import { isOver, periodInWords, reachedInWords, shareOf, standing, unsearched } from "./search";

type Props = { search: MotionSearch; at: number; onAgain: () => void };

export function MotionResults({ search, at, onAgain }: Props) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const name = cameraName(useStore(app.inventory), search.camera);
  const over = isOver(search);
  const share = shareOf(search);
  const figures = m.page_motion_figures({ percent: percent(share, language), looked: search.looked, hits: search.hits.length });
  return (
    <section className="motion" aria-label={m.page_motion_results()}>
      <header className="motion-head">
        <ScanSearch aria-hidden="true" />
        <strong>{name}</strong>
        <span className="quiet">{periodInWords(search.period)}</span>
        <span className="motion-state" role="status" data-state={search.state}>
          {standing(search)}
        </span>
        <span className="bar-space" />
        {over ? null : <span className="quiet">{m.page_motion_reached({ time: reachedInWords(search) })}</span>}
        {over ? null : (
          <ProgressBar className="motion-progress" aria-label={m.page_motion()} value={share * 100} valueLabel={figures}>
            <div className="progress">
              <div style={{ inlineSize: `${share * 100}%` }} />
            </div>
          </ProgressBar>
        )}
        <span className="quiet motion-figures">{figures}</span>
        {over ? (
          <Button className="button button-small" onPress={onAgain}>
            {m.page_motion_again()}
          </Button>
        ) : (
          <Button className="button button-small" onPress={() => app.run(app.backend.endMotionSearch(search.wall, false))}>
            <CircleStop aria-hidden="true" />
            {m.page_motion_stop()}
          </Button>
        )}
        <IconButton label={m.page_motion_close()} onPress={() => app.run(app.backend.endMotionSearch(search.wall, true))}>
          <X />
        </IconButton>
      </header>
      {search.hits.length > 0 ? (
        <ol className="motion-hits" aria-label={m.page_motion_legend()}>
          {search.hits.map((hit, index) => (
            <Hit key={`${search.number} ${index}`} search={search} hit={hit} index={index} at={at} />
          ))}
        </ol>
      ) : null}
      <footer className="motion-foot">
        {search.by_recorder ? <span className="quiet">{m.page_motion_by_recorder()}</span> : null}
        {search.hits.length > 0 ? (
          <span className="motion-legend">
            <i aria-hidden="true" />
            {m.page_motion_legend()}
          </span>
        ) : null}
        <Upheavals search={search} />
        <Missed search={search} />
      </footer>
    </section>
  );
}

type HitProps = { search: MotionSearch; hit: MotionHit; index: number; at: number };

function Hit({ search, hit, index, at }: HitProps) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const [from, until] = [hit.period.from / 1000, hit.period.until / 1000];
  const { ref, picture } = useHitPicture(search, hit, index);
  const [day = "", time] = moment(from).split(" ");
  const length = lasting(Math.max(until - from, 1000), language);
  const here = from <= at && at < until;
  return (
    <li>
      <Button className="motion-hit" aria-current={here ? "time" : undefined} onPress={() => seek(app, from)}>
        <span className="unseen">{m.page_motion_hit({ day })}</span>
        <span ref={ref} className="motion-picture">
          {picture ? (
            <span className="motion-image">
              <img src={picture.data} alt="" draggable={false} />
              <i style={placed(hit.place) as CSSProperties} />
            </span>
          ) : null}
        </span>
        <time>{time}</time>
        <span className="quiet">{length}</span>
      </Button>
    </li>
  );
}

/** Of a hit that is seen: nobody scrolls past five hundred pictures. Another one comes where a clearer one was found. */
function useHitPicture({ wall, number }: MotionSearch, { clearest }: MotionHit, index: number) {
  const app = useApp();
  const ref = useRef<HTMLSpanElement>(null);
  const [seen, setSeen] = useState(false);
  const [picture, setPicture] = useState<RecordedPicture | null>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!seen) return undefined;
    let gone = false;
    app.backend.motionPicture(wall, number, index).then(
      (found) => gone || (found && setPicture(found)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [app, wall, number, index, seen, clearest]);
  return { ref, picture };
}

/** What was not looked at, and why: whatever is not in the list above may have happened then. */
function Missed({ search }: { search: MotionSearch }) {
  if (search.missed.length === 0) return null;
  const part = unsearched(search);
  return (
    <details className="motion-missed" data-serious={part.length > 0 || undefined}>
      <summary>{part.length > 0 ? m.page_motion_missed({ count: part.length }) : m.page_motion_not_recorded({ count: search.missed.length })}</summary>
      <ul>
        {search.missed.map((each) => (
          <li key={each.period.from}>{m.page_motion_missed_part({ span: periodInWords(each.period), why: each.text })}</li>
        ))}
      </ul>
    </details>
  );
}

function Upheavals({ search }: { search: MotionSearch }) {
  const app = useApp();
  if (search.upheavals.length === 0) return null;
  return (
    <details className="motion-missed">
      <summary>{m.page_motion_upheavals({ count: search.upheavals.length })}</summary>
      <ul>
        {search.upheavals.map((at) => (
          <li key={at}>
            <Button className="text-button" onPress={() => seek(app, at / 1000)}>
              {moment(at / 1000)}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
