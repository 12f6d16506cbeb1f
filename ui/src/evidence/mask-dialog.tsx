// What of a camera's picture nobody is to see in its viewing copy: drawn on a picture of the span, or typed.

import { useCallback, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { Plus, RefreshCw } from "lucide-react";
import type { FootageStill, Mask, MaskLook, Notice } from "../ipc/wire";
import { cameraName } from "../incidents/names";
import type { Stretch } from "../incidents/times";
import { m } from "../paraglide/messages.js";
import { AreaStage } from "../parts/area-stage";
import { AreaFields } from "../parts/area-fields";
import { MIDDLE } from "../parts/areas";
import { CoveringDialog } from "../parts/covering";
import { Choice } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { moment } from "../playback/words";
import { noticeOf, useApp } from "../state/app";
import { useStore } from "../state/store";

type Props = { stretch: Stretch; masks: Mask[]; onMasks: (masks: Mask[]) => void; onClose: () => void };

/** As many as the program takes of a camera. */
const MOST_MASKS = 32;
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
        <AreaStage
          image={still && { src: still.image, alt: m.page_masks_still({ time: moment(still.at / 1000) }) }}
          empty={loading ? m.page_masks_loading() : m.page_masks_still_none()}
          parts={masks}
          look={(index) => masks[index]?.look ?? "black"}
          onPart={(part) => full || onMasks([...masks, { ...part, look: "black" }])}
        />
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
          <Button className="button button-small" isDisabled={full} onPress={() => onMasks([...masks, { ...MIDDLE, look: "black" }])}>
            <Plus />
            {m.page_masks_add()}
          </Button>
        </div>
        {problem ? <InlineNotice notice={problem} /> : null}
        {masks.length === 0 ? <p className="quiet">{m.page_masks_none()}</p> : null}
        <ul className="masks" aria-label={m.page_masks()}>
          {masks.map((mask, index) => (
            <AreaFields
              key={index}
              number={index + 1}
              part={mask}
              onPart={(next) => replace(index, next)}
              onRemove={() => onMasks(masks.filter((_, at) => at !== index))}
            >
              <Choice
                label={m.page_mask_look()}
                name={`look-${index + 1}`}
                value={mask.look}
                onChange={(event) => replace(index, { ...mask, look: event.target.value as MaskLook })}
              >
                <option value="black">{m.page_mask_black()}</option>
                <option value="mosaic">{m.page_mask_mosaic()}</option>
              </Choice>
            </AreaFields>
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
