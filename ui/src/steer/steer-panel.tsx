// The controls of the picture that is steered: motors where the camera has them, else its digital view.

import { useEffect, useState, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { Hand, OctagonX, X } from "lucide-react";
import type { Errand, Id, Steering, Wall } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { Question } from "../parts/question";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useHole } from "../surface/reporter";
import { focusWall } from "../wall/focus";
import { cameraAt, shownSelection } from "../wall/view";
import { measured } from "../words/numbers";
import { MOVE_STEP, ZOOM_STEP, change, zoom } from "./digital-view";
import { DirectionPad } from "./direction-pad";
import { handOf, hasMotors, push, pushLens } from "./motors";
import { SteerPresets } from "./steer-presets";

export function SteerPanel({ wall, side }: { wall: Wall; side: "left" | "right" }) {
  const app = useApp();
  const at = shownSelection(wall);
  const camera = at === null ? null : cameraAt(wall, at);
  const place = useStore(app.inventory, (inventory) => (camera === null ? undefined : inventory.places.get(camera)));
  const standing = useStore(app.hands, (all) => (camera === null ? undefined : all.get(camera)));
  const moves = app.may("move");
  useEffect(() => {
    if (!moves || camera === null) return;
    app.run(app.backend.steerLookAt([camera]));
    return () => {
      handOf(app).release();
      app.run(app.backend.steerLookAt([]));
    };
  }, [app, camera, moves]);
  const hole = useHole<HTMLElement>();
  if (at === null || camera === null) return null;
  const motors = standing !== undefined && hasMotors(standing);

  return (
    <section
      ref={hole}
      className="ptz"
      data-motors={motors || undefined}
      data-side={side}
      aria-label={m.page_ptz()}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        app.view.patch({ steering: false });
        focusWall();
      }}
    >
      <header className="ptz-head">
        <bdi className="ptz-name">{place?.camera.name ?? camera}</bdi>
        <IconButton label={m.page_close()} keys="Esc" onPress={() => app.view.patch({ steering: false })}>
          <X />
        </IconButton>
      </header>
      {moves && standing?.abilities === null && standing.trouble === "" ? <p className="ptz-line">{m.page_ptz_meeting()}</p> : null}
      {standing?.trouble ? (
        <p className="ptz-line ptz-trouble" role="status">
          {standing.trouble}
        </p>
      ) : null}
      {motors ? <Motors camera={camera} standing={standing} /> : <Digital at={at} />}
    </section>
  );
}

/** Without motors the picture itself is enlarged and moved. */
function Digital({ at }: { at: number }) {
  const app = useApp();
  const step = ({ pan, tilt }: { pan: number; tilt: number }) =>
    change(app, at, { kind: "pan", x: -pan * MOVE_STEP, y: tilt * MOVE_STEP });
  return (
    <>
      <p className="ptz-line">{m.page_ptz_digital()}</p>
      <DirectionPad isDisabled={false} onHold={step} onRelease={() => undefined} onHome={() => change(app, at, { kind: "whole" })} />
      <Row label={m.page_ptz_zoom()}>
        <Button className="button" aria-label={m.page_look_out()} onPress={() => zoom(app, at, 1 / ZOOM_STEP)}>
          −
        </Button>
        <Button className="button" aria-label={m.page_look_in()} onPress={() => zoom(app, at, ZOOM_STEP)}>
          +
        </Button>
      </Row>
    </>
  );
}

function Motors({ camera, standing }: { camera: Id; standing: Steering }) {
  const app = useApp();
  const speed = useStore(app.steerSpeed);
  const [asking, setAsking] = useState(false);
  const { abilities } = standing;
  if (!abilities) return null;
  const errand = (what: Errand) => app.run(app.backend.steer(camera, what));
  const release = handOf(app).release;
  const locked = abilities.set_up_only && !standing.unlocked;
  const other = standing.holder === "other";
  const barred = locked || other;
  const lens = (kind: "focus" | "iris", way: number) => ({
    isDisabled: barred,
    onPressStart: () => pushLens(app, camera, kind, way),
    onPressEnd: release,
  });

  return (
    <>
      <Standing standing={standing} />
      {locked ? (
        app.may("manage_inventory") ? (
          <Button className="button" onPress={() => setAsking(true)}>
            {m.page_ptz_unlock()}
          </Button>
        ) : (
          <p className="ptz-line">{m.page_ptz_locked()}</p>
        )
      ) : null}
      {asking ? (
        <Question
          title={m.page_ptz_unlock_title()}
          yes={m.page_ptz_unlock()}
          onYes={() => errand({ kind: "unlock", on: true })}
          onClose={() => setAsking(false)}
        >
          {m.page_ptz_unlock_text()}
        </Question>
      ) : null}
      {abilities.pan || abilities.tilt ? (
        <DirectionPad
          isDisabled={barred}
          onHold={(way) => push(app, camera, way)}
          onRelease={release}
          onHome={() => errand({ kind: "home" })}
        />
      ) : null}
      {abilities.zoom ? (
        <Row label={m.page_ptz_zoom()}>
          <HoldButton label={m.page_ptz_wider()} sign="−" isDisabled={barred} onPressStart={() => push(app, camera, { zoom: -1 })} onPressEnd={release} />
          <HoldButton label={m.page_ptz_closer()} sign="+" isDisabled={barred} onPressStart={() => push(app, camera, { zoom: 1 })} onPressEnd={release} />
        </Row>
      ) : null}
      {abilities.focus ? (
        <Row label={m.page_ptz_focus()}>
          <HoldButton label={m.page_ptz_nearer()} sign="−" {...lens("focus", -1)} />
          <HoldButton label={m.page_ptz_farther()} sign="+" {...lens("focus", 1)} />
          <Button className="button" isDisabled={barred} onPress={() => errand({ kind: "auto_focus" })}>
            {m.page_ptz_auto()}
          </Button>
        </Row>
      ) : null}
      {abilities.iris ? (
        <Row label={m.page_ptz_iris()}>
          <HoldButton label={m.page_ptz_darker()} sign="−" {...lens("iris", -1)} />
          <HoldButton label={m.page_ptz_lighter()} sign="+" {...lens("iris", 1)} />
        </Row>
      ) : null}
      {abilities.auxiliaries.map((name) => (
        <Row key={name} label={name}>
          <Button className="button" isDisabled={barred} onPress={() => errand({ kind: "switch", name, on: true })}>
            {m.page_ptz_on()}
          </Button>
          <Button className="button" isDisabled={barred} onPress={() => errand({ kind: "switch", name, on: false })}>
            {m.page_ptz_off()}
          </Button>
        </Row>
      ))}
      <label className="ptz-row">
        <span className="ptz-label">{m.page_ptz_speed()}</span>
        <input
          type="range"
          min={10}
          max={100}
          step={10}
          value={Math.round(speed * 100)}
          onChange={(event) => app.steerSpeed.set(Number(event.target.value) / 100)}
        />
      </label>
      {abilities.presets === null ? null : <SteerPresets standing={standing} most={abilities.presets} isDisabled={barred} onErrand={errand} />}
      <div className="ptz-actions">
        <Button className="button button-danger" onPress={() => errand({ kind: "stop" })}>
          <OctagonX />
          {m.page_ptz_stop()}
        </Button>
        {other && standing.ours_to_take ? (
          <Button className="button" onPress={() => errand({ kind: "take_over" })}>
            <Hand />
            {m.page_ptz_take_over()}
          </Button>
        ) : null}
        {standing.holder === "us" ? (
          <Button className="button" onPress={() => errand({ kind: "give_up" })}>
            {m.page_ptz_give_up()}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** Where it points, what moves it and who holds it. */
function Standing({ standing }: { standing: Steering }) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const number = (value: number) => measured(value, language);
  const { pose, abilities } = standing;
  const parts = [
    pose && abilities?.pan ? m.page_ptz_pan({ degrees: number(pose.pan) }) : null,
    pose && abilities?.tilt ? m.page_ptz_tilt({ degrees: number(pose.tilt) }) : null,
    pose && abilities?.zoom ? m.page_ptz_magnified({ zoom: number(pose.zoom) }) : null,
    standing.at_limit ? m.page_ptz_at_limit() : null,
  ];
  const holder = {
    nobody: standing.lost_to === "" ? null : m.page_ptz_lost({ by: standing.lost_to }),
    us: m.page_ptz_ours(),
    leaving: m.page_ptz_leaving({ by: standing.by }),
    other: m.page_ptz_theirs({ by: standing.by }),
    asked: m.page_ptz_asked(),
  }[standing.holder];
  const moving = {
    still: null,
    ours: null,
    others: m.page_ptz_moves_by_itself(),
    stopping: m.page_ptz_stopping(),
    unsure: m.page_ptz_unsure(),
  }[standing.moving];
  return (
    <>
      <p className="ptz-line ptz-pose">{parts.filter((part) => part !== null).join(" · ") || m.page_ptz_no_pose()}</p>
      {holder ? (
        <p className="ptz-line" role="status" data-other={standing.holder === "other" || undefined}>
          {holder}
        </p>
      ) : null}
      {moving ? (
        <p className="ptz-line" role={standing.moving === "unsure" ? "alert" : "status"} data-unsure={standing.moving === "unsure" || undefined}>
          {moving}
        </p>
      ) : null}
    </>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="ptz-row" role="group" aria-label={label}>
      <span className="ptz-label">{label}</span>
      {children}
    </div>
  );
}

type HoldProps = { label: string; sign: string; isDisabled: boolean; onPressStart: () => void; onPressEnd: () => void };

function HoldButton({ label, sign, ...press }: HoldProps) {
  return (
    <Button className="button" aria-label={label} {...press}>
      {sign}
    </Button>
  );
}
