import { useId, useState } from "react";
import { Button } from "react-aria-components";
import type { Notice, Tour } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Choice, Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { inOrder, lasting } from "../words/times";
import { SharedChoice } from "./name-dialog";
import { TourStops } from "./tour-stop-list";
import { added, lasts, numbered } from "./tour-stops";

type Props = { tour: Tour | null; onClose: () => void };

export function TourDialog({ tour, onClose }: Props) {
  const app = useApp();
  const { layouts } = useStore(app.saved);
  const language = useStore(app.settings, (settings) => settings.language);
  const [name, setName] = useState(tour?.name ?? "");
  const [shared, setShared] = useState(tour?.shared ?? false);
  const [stops, setStops] = useState(() => numbered(tour?.stops ?? []));
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const heading = useId();
  const complete = name.trim() !== "" && stops.length > 0 && stops.every((stop) => lasts(stop.seconds));
  const keep = () =>
    work(async () => {
      const plain = stops.map(({ layout, seconds }) => ({ layout, seconds }));
      await app.backend.saveTour({ id: tour?.id ?? null, name: name.trim(), shared, stops: plain });
      onClose();
    });
  const round = stops.reduce((sum, stop) => sum + (lasts(stop.seconds) ? stop.seconds : 0), 0);
  return (
    <CoveringDialog title={tour ? m.page_tour_edit() : m.page_tour_new()} onClose={onClose}>
      <form
        className="form dialog-form tour-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) keep();
        }}
      >
        <Field label={m.page_tour_name()} autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        <section aria-labelledby={heading}>
          <h3 id={heading}>{m.page_tour_stops()}</h3>
          <p className="quiet">{m.page_tour_stops_hint()}</p>
          <TourStops stops={stops} layouts={layouts} onChange={setStops} />
        </section>
        <Choice
          label={m.page_tour_add()}
          value=""
          onChange={(event) => event.target.value && setStops(added(stops, event.target.value))}
        >
          <option value="">{m.page_tour_add_choose()}</option>
          {layouts
            .toSorted((a, b) => inOrder(a.name, b.name, language))
            .map((layout) => (
              <option key={layout.id} value={layout.id}>
                {layout.name}
              </option>
            ))}
        </Choice>
        <SharedChoice shared={shared} onShared={setShared} />
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <p className="quiet" role="status">
            {round > 0 ? m.page_tour_round({ time: lasting(round * 1000, language) }) : null}
          </p>
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
