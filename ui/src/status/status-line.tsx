import { useDrag } from "../drag/context";
import { dropInWords } from "../drag/words";
import { m } from "../paraglide/messages.js";
import { CameraDot, lookInWords } from "../parts/camera-dot";
import { Signals } from "../parts/signals";
import { useApp, wallInView } from "../state/app";
import { useStore } from "../state/store";
import { standing } from "../playback/words";
import { SoundChip } from "../sound/sound-chip";
import { cameraAt, isOverview, tileNumber } from "../wall/view";
import { streams } from "../words/counts";
import { sharingInWords } from "../words/sharing";
import { measured, percent, whole } from "../words/numbers";

/** One quiet line: what is chosen or under way on the left, what it costs on the right. */
export function StatusLine() {
  const app = useApp();
  const drag = useStore(useDrag().drag);
  const outlook = useStore(app.outlook.words);
  const steering = useStore(app.view, (view) => view.steering);
  return (
    <footer className="status">
      <div className="status-chosen" role="status">
        {drag ? <span className="status-drop">{dropInWords(app, drag)}</span> : outlook?.text ? null : steering ? <span className="status-steering">{m.page_steering()}</span> : <Chosen />}
        {outlook?.text ? (
          <span className="status-outlook" data-costs={outlook.costs || undefined}>
            {m.page_foreseen({ text: outlook.text })}
          </span>
        ) : null}
      </div>
      <SoundChip />
      <Figures />
    </footer>
  );
}

function Chosen() {
  const app = useApp();
  const wall = wallInView(
    useStore(app.desk),
    useStore(app.view, (view) => view.wall),
  );
  const inventory = useStore(app.inventory);
  const at = wall.selected;
  const camera = cameraAt(wall, at);
  const status = useStore(app.cameras, (all) => (camera === null ? undefined : all.get(camera)));
  const playback = useStore(app.playback, (walls) => walls.get(wall.id));
  if (at === null && isOverview(wall)) return <Signals />;
  if (at === null) return <span className="quiet">{m.page_nothing_selected()}</span>;
  if (camera === null) return <span className="quiet">{m.page_tile_empty({ number: tileNumber(wall, at) })}</span>;
  const place = inventory.places.get(camera);
  if (playback) {
    const played = playback.cameras.find((each) => each.camera === camera);
    return (
      <>
        <bdi className="status-name">{place?.camera.name ?? camera}</bdi>
        <bdi className="status-site">{place?.site.name}</bdi>
        <span className="status-state">{played ? standing(played) : m.page_playback_not_played()}</span>
      </>
    );
  }
  return (
    <>
      <CameraDot look={status?.look} />
      <bdi className="status-name">{place?.camera.name ?? camera}</bdi>
      <bdi className="status-site">{place?.site.name}</bdi>
      <span className="status-state" data-look={status?.look}>
        {lookInWords(status)}
      </span>
      {status?.detail ? <span className="status-detail">{status.detail}</span> : null}
      {status?.look === "live" ? (
        <span className="quiet">{status.profile === "main" ? m.page_profile_main() : m.page_profile_sub()}</span>
      ) : null}
    </>
  );
}

function Figures() {
  const app = useApp();
  const figures = useStore(app.figures);
  const language = useStore(app.settings, (settings) => settings.language);
  const shown = useStore(app.view, (view) => view.wall);
  if (!figures) return null;
  const renderer = (figures.walls.find((wall) => wall.id === shown) ?? figures.walls[0])?.renderer;
  const parts = [
    streams(figures.streams),
    m.page_figure_rate({ rate: measured(figures.megabits_per_second, language) }),
    m.page_figure_decoder({ decoder: figures.decoder }),
    renderer ? m.page_figure_renderer({ renderer }) : null,
    figures.decode_share > 0
      ? m.page_figure_decode_share({ share: percent(figures.decode_share, language) })
      : null,
    sharingInWords(figures.sharing),
    figures.overloaded ? m.page_overloaded() : null,
    figures.cpu === null ? null : m.page_figure_cpu({ share: percent(figures.cpu, language) }),
  ];
  const remembered = m.page_figure_remembered({ amount: whole(figures.remembered_mib, language) });
  return (
    <ul className="figures" aria-label={m.page_figures()}>
      {parts.map((part, index) => (part === null ? null : <li key={index}>{part}</li>))}
      {figures.memory_mib === null ? null : (
        <li title={remembered}>{m.page_figure_memory({ amount: whole(figures.memory_mib, language) })}</li>
      )}
    </ul>
  );
}
