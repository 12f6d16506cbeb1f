// A camera's lens by hand: a known one, or its figures.

import { useState } from "react";
import { Button } from "react-aria-components";
import type { Id, Lens, Notice, Projection } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Choice, Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { correct } from "./digital-view";
import { lensOf, NO_LENS, textOf } from "./lens";
import { viewsOf } from "./views";

const NAMES: Record<string, () => string> = { "wide-outdoor": m.page_lens_wide_outdoor };

type Props = { camera: Id; at: number; onClose: () => void };

export function LensDialog({ camera, at, onClose }: Props) {
  const app = useApp();
  const views = useStore(app.views);
  const comma = useStore(app.settings, (settings) => settings.language) === "vi";
  const name = useStore(app.inventory, (inventory) => inventory.places.get(camera)?.camera.name) ?? camera;
  const kept = viewsOf(views, camera);
  const [choice, setChoice] = useState(kept.by_hand ? (nameOf(views.lenses, kept.lens) ?? "own") : "");
  const [text, setText] = useState(kept.lens ? textOf(kept.lens, comma) : NO_LENS);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const known = views.lenses.find((lens) => lens.name === choice);
  const lens = choice === "own" ? lensOf(text) : (known?.lens ?? null);
  const complete = choice === "" || lens !== null;
  const keep = () =>
    work(async () => {
      await app.backend.setLens(camera, lens);
      if (lens) correct(app, at, true);
      onClose();
    });
  const field = (key: "horizontal" | "vertical" | "distortion", label: string, hint?: string) => (
    <Field label={label} inputMode="decimal" hint={hint} value={text[key]} onChange={(event) => setText({ ...text, [key]: event.target.value })} />
  );
  return (
    <CoveringDialog title={m.page_lens_title({ camera: name })} onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) keep();
        }}
      >
        <Choice label={m.page_lens_which()} autoFocus value={choice} onChange={(event) => setChoice(event.target.value)}>
          <option value="">{m.page_lens_inventory()}</option>
          {views.lenses.map((each) => (
            <option key={each.name} value={each.name}>
              {NAMES[each.name]?.() ?? each.name}
            </option>
          ))}
          <option value="own">{m.page_lens_own()}</option>
        </Choice>
        {choice === "own" ? (
          <>
            {field("horizontal", m.page_lens_horizontal())}
            {field("vertical", m.page_lens_vertical())}
            <Choice
              label={m.page_lens_projection()}
              value={text.projection}
              onChange={(event) => setText({ ...text, projection: event.target.value as Projection })}
            >
              <option value="f_theta">{m.page_lens_f_theta()}</option>
              <option value="rectilinear">{m.page_lens_rectilinear()}</option>
            </Choice>
            {field("distortion", m.page_lens_distortion(), m.page_lens_distortion_hint())}
          </>
        ) : null}
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || !complete}>
            {m.page_keep()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

function nameOf(lenses: { name: string; lens: Lens }[], lens: Lens | null): string | undefined {
  return lenses.find((each) => JSON.stringify(each.lens) === JSON.stringify(lens))?.name;
}
