import { Maximize, Minus, Plus } from "lucide-react";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { whole } from "../words/numbers";
import { KILOMETRES } from "./geometry";
import type { MapControls } from "./use-viewport";
import { ZONES, zoneInWords, ZoneSign } from "./zones";

export function ZoomButtons({ map }: { map: MapControls }) {
  return (
    <div className="map-zoom" role="group" aria-label={m.page_map_zoom()}>
      <IconButton label={m.page_map_zoom_in()} keys="+" onPress={() => map.zoom(1)}>
        <Plus />
      </IconButton>
      <IconButton label={m.page_map_zoom_out()} keys="-" isDisabled={map.whole} onPress={() => map.zoom(-1)}>
        <Minus />
      </IconButton>
      <IconButton label={m.page_map_whole()} keys="0" isDisabled={map.whole} onPress={map.reset}>
        <Maximize />
      </IconButton>
    </div>
  );
}

export function Legend() {
  return (
    <div className="map-legend">
      <ul aria-label={m.page_map_zones()}>
        {ZONES.map((zone) => (
          <li key={zone}>
            <ZoneSign zone={zone} />
            {zoneInWords(zone)}
          </li>
        ))}
      </ul>
      <p className="quiet">{m.page_map_simplified()}</p>
    </div>
  );
}

const LENGTHS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
const WIDEST = 120;

/** How long a kilometre is here. `scale`: pixels a degree. */
export function ScaleLine({ scale }: { scale: number }) {
  const language = useStore(useApp().settings, (settings) => settings.language);
  const kilometre = scale / KILOMETRES;
  const length = LENGTHS.findLast((each) => each * kilometre <= WIDEST) ?? LENGTHS[0] ?? 1;
  const words =
    length < 1
      ? m.page_map_metres({ count: whole(length * 1000, language) })
      : m.page_map_kilometres({ count: whole(length, language) });
  return (
    <div className="map-scale" aria-hidden="true">
      <span style={{ inlineSize: length * kilometre }} />
      {words}
    </div>
  );
}
