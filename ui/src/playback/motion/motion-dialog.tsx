// Where, how and when to look for motion in a camera's recording.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { Plus, ScanSearch } from "lucide-react";
import type { Id, MotionSensitivity, Notice, PicturePart, RecordedPicture } from "../../ipc/wire";
import { cameraName } from "../../incidents/names";
import { spanInWords, toPeriod, typed } from "../../incidents/times";
import { m } from "../../paraglide/messages.js";
import { AreaStage } from "../../parts/area-stage";
import { AreaFields } from "../../parts/area-fields";
import { MIDDLE } from "../../parts/areas";
import { Choices } from "../../parts/choices";
import { CoveringDialog } from "../../parts/covering";
import { Field } from "../../parts/field";
import { InlineNotice } from "../../parts/inline-notice";
import { useApp } from "../../state/app";
import { useStore } from "../../state/store";
import { useWork } from "../../state/work";
import { lengthOf, type Window } from "../timeline";
import { moment } from "../words";
import { draftOf, keepDraft, LONGEST, MOST_PARTS, windowOf, type Span } from "./search";

export type MotionDraft = {
  wall: number;
  camera: Id;
  /** The place, what of the time line is seen, and what is repeated. */
  at: number;
  shown: Window;
  repeat: Window | null;
};

export function MotionDialog({ draft, onClose }: { draft: MotionDraft; onClose: () => void }) {
  const { wall, camera, at, shown, repeat } = draft;
  const app = useApp();
  const name = cameraName(useStore(app.inventory), camera);
  const [now] = useState(() => Date.now());
  const [{ area, sensitivity }, setWhat] = useState(() => draftOf(camera));
  const [span, setSpan] = useState<Span>(repeat ? "repeat" : "shown");
  const [texts, setTexts] = useState(() => ({ from: moment(shown.from), until: moment(Math.min(shown.until, now)) }));
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const { still, loading } = useStill(wall, camera);
  const setArea = (next: PicturePart[]) => setWhat({ area: next, sensitivity });
  const full = area.length >= MOST_PARTS;
  const own = ownWindow(texts, now);
  const chosen = windowOf(span, { shown, at, repeat, own, now });
  const long = chosen !== null && lengthOf(chosen) > LONGEST;
  const begin = () =>
    work(async () => {
      if (!chosen) return;
      keepDraft(camera, { area, sensitivity });
      await app.backend.searchMotion(wall, { camera, period: toPeriod(chosen), area, sensitivity });
      onClose();
    });
  return (
    <CoveringDialog title={m.page_motion_of({ name })} wide onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <p className="dialog-words">{m.page_motion_text()}</p>
        <AreaStage
          image={still && { src: still.data, alt: m.page_motion_still({ time: moment(still.at / 1000) }) }}
          empty={loading ? m.page_motion_still_loading() : m.page_motion_still_none()}
          parts={area}
          look={() => "searched"}
          onPart={(part) => full || setArea([...area, part])}
        />
        <Areas area={area} onArea={setArea} />
        <div className="motion-choices">
          <Choices
            label={m.page_motion_sensitivity()}
            value={sensitivity}
            choices={[
              { key: "low", label: m.page_motion_low() },
              { key: "medium", label: m.page_motion_medium() },
              { key: "high", label: m.page_motion_high() },
            ]}
            hint={hintOf(sensitivity)}
            onChange={(next) => setWhat({ area, sensitivity: next })}
          />
          <Choices
            label={m.page_motion_span()}
            value={span}
            choices={[
              ...(repeat ? [{ key: "repeat" as const, label: m.page_motion_span_repeat() }] : []),
              { key: "shown", label: m.page_motion_span_shown() },
              { key: "day", label: m.page_motion_span_day() },
              { key: "own", label: m.page_motion_span_own() },
            ]}
            hint={long ? m.page_motion_long() : chosen ? spanInWords(chosen) : m.page_motion_bad_time()}
            onChange={setSpan}
          />
          {span === "own" ? (
            <div className="motion-times">
              <Field label={m.page_motion_from()} name="from" value={texts.from} onChange={(event) => setTexts({ ...texts, from: event.target.value })} />
              <Field label={m.page_motion_until()} name="until" value={texts.until} onChange={(event) => setTexts({ ...texts, until: event.target.value })} />
            </div>
          ) : null}
        </div>
        <p className="field-hint">{m.page_motion_how()}</p>
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button type="submit" className="button button-primary" isDisabled={busy || !chosen || long}>
            <ScanSearch aria-hidden="true" />
            {m.page_motion_begin()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

function ownWindow({ from, until }: { from: string; until: string }, now: number): Window | null {
  const [begin, end] = [typed(from, now), typed(until, now)];
  return begin !== null && end !== null && end > begin ? { from: begin, until: end } : null;
}

function hintOf(sensitivity: MotionSensitivity): string {
  switch (sensitivity) {
    case "low":
      return m.page_motion_low_hint();
    case "medium":
      return m.page_motion_medium_hint();
    case "high":
      return m.page_motion_high_hint();
  }
}

/** What the wall shows of the camera, as the camera sends it: neither turned nor zoomed. */
function useStill(wall: number, camera: Id): { still: RecordedPicture | null; loading: boolean } {
  const app = useApp();
  const [found, setFound] = useState<{ still: RecordedPicture | null } | null>(null);
  useEffect(() => {
    let gone = false;
    const take = (still: RecordedPicture | null) => gone || setFound({ still });
    app.backend.motionStill(wall, camera).then(take, () => take(null));
    return () => {
      gone = true;
    };
  }, [app, wall, camera]);
  return { still: found?.still ?? null, loading: found === null };
}

function Areas({ area, onArea }: { area: PicturePart[]; onArea: (area: PicturePart[]) => void }) {
  const replace = (at: number, part: PicturePart) => onArea(area.map((each, index) => (index === at ? part : each)));
  return (
    <>
      <div className="motion-areas-head">
        <p className="quiet">{area.length === 0 ? m.page_motion_everywhere() : m.page_motion_areas_count({ count: area.length })}</p>
        <Button className="button button-small" isDisabled={area.length >= MOST_PARTS} onPress={() => onArea([...area, MIDDLE])}>
          <Plus aria-hidden="true" />
          {m.page_masks_add()}
        </Button>
      </div>
      {area.length > 0 ? (
        <ul className="masks" aria-label={m.page_motion_areas()}>
          {area.map((part, index) => (
            <AreaFields
              key={index}
              number={index + 1}
              part={part}
              onPart={(next) => replace(index, next)}
              onRemove={() => onArea(area.filter((_, at) => at !== index))}
            />
          ))}
        </ul>
      ) : null}
    </>
  );
}
