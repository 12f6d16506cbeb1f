import { Pause, Play, Square } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { isolated } from "../words/names";

/** The tour of the wall that is being arranged: which stop it is at, and how to hold or end it. */
export function RunningTourMark() {
  const app = useApp();
  const desk = useStore(app.desk);
  const wall = wallInView(
    desk,
    useStore(app.view, (view) => view.wall),
  );
  const tour = desk.tours.find((each) => each.wall === wall.id);
  if (!tour) return null;
  const label = m.page_tour_running({ name: isolated(tour.name), stop: tour.stop + 1, stops: tour.stops });
  return (
    <div className="bar-group running-tour" role="group" aria-label={label} data-paused={tour.paused || undefined}>
      <span className="running-tour-name" title={label}>
        <bdi>{tour.name}</bdi>
      </span>
      <span className="running-tour-stop">{m.page_share({ part: tour.stop + 1, all: tour.stops })}</span>
      <IconButton
        label={tour.paused ? m.page_tour_go_on() : m.page_tour_pause()}
        onPress={() => app.run(app.backend.pauseTour(tour.wall, !tour.paused))}
      >
        {tour.paused ? <Play /> : <Pause />}
      </IconButton>
      <IconButton label={m.page_tour_stop()} onPress={() => app.run(app.backend.stopTour(tour.wall))}>
        <Square />
      </IconButton>
    </div>
  );
}
