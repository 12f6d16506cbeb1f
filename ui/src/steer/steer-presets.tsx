import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { MapPin, Pencil, Route, RouteOff, Trash2 } from "lucide-react";
import type { Errand, Steering } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { HeldPicture } from "../parts/held-picture";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";

/** How long a tour that goes through all presets stays at each. */
const STAY_SECONDS = 15;

type Props = { standing: Steering; most: number; isDisabled: boolean; onErrand: (errand: Errand) => void };

/** Places that the camera keeps: go there, put another place under a name, keep the one where it points. */
export function SteerPresets({ standing, most, isDisabled, onErrand }: Props) {
  const app = useApp();
  const [name, setName] = useState("");
  const { presets, touring, camera } = standing;
  const unknown = presets === null;
  useEffect(() => {
    if (unknown) onErrand({ kind: "presets" });
    // Asked once for each camera; the errand is another function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [unknown, camera]);
  const all = presets ?? [];
  const full = all.length >= most;
  return (
    <div className="ptz-presets" role="group" aria-label={m.page_ptz_presets()}>
      <div className="ptz-row">
        <span className="ptz-label">{m.page_ptz_presets()}</span>
        {all.length > 1 || touring ? (
          <Button
            className="button"
            isDisabled={isDisabled}
            onPress={() =>
              onErrand(touring ? { kind: "end_tour" } : { kind: "tour", stops: all.slice(0, 64).map(({ token }) => ({ token, seconds: STAY_SECONDS })) })
            }
          >
            {touring ? <RouteOff /> : <Route />}
            {touring ? m.page_ptz_tour_end() : m.page_ptz_tour()}
          </Button>
        ) : null}
      </div>
      {presets !== null && all.length === 0 ? <p className="ptz-line">{m.page_ptz_no_presets()}</p> : null}
      <ul>
        {all.map((preset, index) => {
          const label = preset.name === "" ? m.page_ptz_preset({ token: preset.token }) : preset.name;
          return (
            <li key={preset.token}>
              <Button className="ptz-preset" isDisabled={isDisabled} onPress={() => onErrand({ kind: "recall", token: preset.token })}>
                {preset.seen_ms === null ? (
                  <span className="ptz-preset-picture">
                    <MapPin />
                  </span>
                ) : (
                  <HeldPicture
                    className="ptz-preset-picture"
                    alt=""
                    name={`${camera} ${preset.token} ${preset.seen_ms}`}
                    read={() => app.backend.presetStill(camera, preset.token)}
                  />
                )}
                <bdi>{label}</bdi>
                {index < 9 ? <kbd>{index + 1}</kbd> : null}
              </Button>
              <IconButton
                label={m.page_ptz_preset_here({ name: label })}
                isDisabled={isDisabled}
                onPress={() => onErrand({ kind: "keep", token: preset.token, name: preset.name })}
              >
                <Pencil />
              </IconButton>
              <IconButton
                label={m.page_ptz_preset_forget({ name: label })}
                isDisabled={isDisabled}
                onPress={() => onErrand({ kind: "forget", token: preset.token })}
              >
                <Trash2 />
              </IconButton>
            </li>
          );
        })}
      </ul>
      <form
        className="ptz-row"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === "" || full) return;
          onErrand({ kind: "keep", token: null, name: name.trim() });
          setName("");
        }}
      >
        <input
          type="text"
          aria-label={m.page_ptz_preset_name()}
          placeholder={full ? m.page_ptz_presets_full({ most }) : m.page_ptz_preset_name()}
          maxLength={60}
          disabled={isDisabled || full}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.stopPropagation()}
        />
        <Button type="submit" className="button" isDisabled={isDisabled || full || name.trim() === ""}>
          {m.page_keep()}
        </Button>
      </form>
    </div>
  );
}
