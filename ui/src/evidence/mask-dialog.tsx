// What of a camera's picture nobody is to see in its viewing copy: drawn on a picture of the span, or typed.

import { useCallback, useEffect, useRef, useState, type PointerEvent } from "react";
import { Button } from "react-aria-components";
import { Plus, RefreshCw, X } from "lucide-react";
import type { FootageStill, Mask, MaskLook, Notice } from "../ipc/wire";
import { cameraName } from "../incidents/names";
import type { Stretch } from "../incidents/times";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Choice, Field } from "../parts/field";
import { IconButton } from "../parts/icon-button";
import { InlineNotice } from "../parts/inline-notice";
import { moment } from "../playback/words";
import { noticeOf, useApp } from "../state/app";
import { useStore } from "../state/store";
import { areaOf, changed, MIDDLE, MOST_MASKS, pointIn, WHOLE, type Point } from "./masks";

type Props = { stretch: Stretch; masks: Mask[]; onMasks: (masks: Mask[]) => void; onClose: () => void };

/** Of the span, where the picture is taken. */
const STEPS = 100;

export function MaskDialog({ stretch, masks, onMasks, onClose }: Props) {
  const inventory = useStore(useApp().inventory);
  const { still, problem, loading, load } = useStill(stretch);
  const [step, setStep] = useState(0);
  const replace = (at: number, mask: Mask) => onMasks(masks.map((each, index) => (index === at ? mask : each)));
  const full = masks.length >= MOST_MASKS;
  const name = cameraName(inventory, stretch.camera);
  const at = stretch.from + ((stretch.until - stretch.from) * step) / STEPS;
  return (
    <CoveringDialog title={m.page_masks_of({ name })} wide onClose={onClose}>
      <div className="form dialog-form">
        <p className="dialog-words">{m.page_masks_text()}</p>
        <Stage still={still} loading={loading} masks={masks} onArea={(area) => full || onMasks([...masks, area])} />
        <div className="mask-place">
          <input
            type="range"
            min={0}
            max={STEPS}
            value={step}
            aria-label={m.page_masks_reload()}
            aria-valuetext={moment(at)}
            onChange={(event) => setStep(Number(event.target.value))}
          />
          <span className="quiet">{moment(at)}</span>
          <Button className="button button-small" isDisabled={loading} onPress={() => load(at)}>
            <RefreshCw />
            {m.page_masks_reload()}
          </Button>
          <Button className="button button-small" isDisabled={full} onPress={() => onMasks([...masks, MIDDLE])}>
            <Plus />
            {m.page_masks_add()}
          </Button>
        </div>
        {problem ? <InlineNotice notice={problem} /> : null}
        {masks.length === 0 ? <p className="quiet">{m.page_masks_none()}</p> : null}
        <ul className="masks" aria-label={m.page_masks()}>
          {masks.map((mask, index) => (
            <MaskFields
              key={index}
              number={index + 1}
              mask={mask}
              onMask={(next) => replace(index, next)}
              onRemove={() => onMasks(masks.filter((_, at) => at !== index))}
            />
          ))}
        </ul>
        {masks.length > 0 ? <p className="field-hint">{m.page_mask_mosaic_hint()}</p> : null}
        <div className="form-actions">
          <Button className="button button-primary" onPress={onClose}>
            {m.page_masks_done()}
          </Button>
        </div>
      </div>
    </CoveringDialog>
  );
}

/** A picture from the recorder; the last one that was asked for. */
function useStill({ camera, from }: Stretch) {
  const app = useApp();
  const [still, setStill] = useState<FootageStill | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const [loading, setLoading] = useState(true);
  const asked = useRef(0);
  const fetch = useCallback(
    (at: number) => {
      const own = ++asked.current;
      const current = () => own === asked.current;
      app.backend.footageStill(camera, Math.round(at * 1000)).then(
        (got) => {
          if (!current()) return;
          setStill(got);
          setLoading(false);
        },
        (error: unknown) => {
          if (!current()) return;
          setProblem(noticeOf(error));
          setLoading(false);
        },
      );
    },
    [app, camera],
  );
  useEffect(() => {
    fetch(from);
    return () => {
      asked.current += 1;
    };
  }, [fetch, from]);
  const load = (at: number) => {
    setLoading(true);
    setProblem(null);
    fetch(at);
  };
  return { still, problem, loading, load };
}

type StageProps = { still: FootageStill | null; loading: boolean; masks: Mask[]; onArea: (area: Mask) => void };

/** What is drawn here can be typed below: for the keyboard it is a picture. */
function Stage({ still, loading, masks, onArea }: StageProps) {
  const [corner, setCorner] = useState<Point | null>(null);
  const [drawn, setDrawn] = useState<Mask | null>(null);
  const at = (event: PointerEvent<HTMLDivElement>) => pointIn(event.currentTarget.getBoundingClientRect(), event);
  const end = (event: PointerEvent<HTMLDivElement>) => {
    if (!corner) return;
    const area = areaOf(corner, at(event));
    setCorner(null);
    setDrawn(null);
    if (area) onArea(area);
  };
  const shown = drawn ? [...masks, drawn] : masks;
  return (
    <div
      className="mask-stage"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setCorner(at(event));
      }}
      onPointerMove={(event) => corner && setDrawn(areaOf(corner, at(event)))}
      onPointerUp={end}
      onPointerCancel={() => {
        setCorner(null);
        setDrawn(null);
      }}
    >
      {still ? (
        <img src={still.image} draggable={false} alt={m.page_masks_still({ time: moment(still.at / 1000) })} />
      ) : (
        <p className="mask-empty" role="status">
          {loading ? m.page_masks_loading() : m.page_masks_still_none()}
        </p>
      )}
      {shown.map((mask, index) => (
        <div key={index} className="mask" data-look={mask.look} style={placed(mask)}>
          {index + 1}
        </div>
      ))}
    </div>
  );
}

function placed({ x, y, width, height }: Mask) {
  const share = (part: number) => `${(part / WHOLE) * 100}%`;
  return { left: share(x), top: share(y), width: share(width), height: share(height) };
}

type FieldsProps = { number: number; mask: Mask; onMask: (mask: Mask) => void; onRemove: () => void };

function MaskFields({ number, mask, onMask, onRemove }: FieldsProps) {
  const side = (label: string, name: "x" | "y" | "width" | "height") => (
    <Field
      label={label}
      type="number"
      name={`${name}-${number}`}
      min={name === "width" || name === "height" ? 1 : 0}
      max={WHOLE}
      value={mask[name]}
      onChange={(event) => event.target.value !== "" && onMask(changed(mask, { [name]: Number(event.target.value) }))}
    />
  );
  return (
    <li className="mask-fields" aria-label={m.page_mask({ n: number })}>
      <span className="mask-number" aria-hidden="true">
        {number}
      </span>
      {side(m.page_mask_x(), "x")}
      {side(m.page_mask_y(), "y")}
      {side(m.page_mask_width(), "width")}
      {side(m.page_mask_height(), "height")}
      <Choice
        label={m.page_mask_look()}
        name={`look-${number}`}
        value={mask.look}
        onChange={(event) => onMask({ ...mask, look: event.target.value as MaskLook })}
      >
        <option value="black">{m.page_mask_black()}</option>
        <option value="mosaic">{m.page_mask_mosaic()}</option>
      </Choice>
      <IconButton label={m.page_mask_remove({ n: number })} onPress={onRemove}>
        <X />
      </IconButton>
    </li>
  );
}
