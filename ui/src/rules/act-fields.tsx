// What happens then: a line each.

import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { Plus, X } from "lucide-react";
import type { EventAct, EventPlace, Id, SteerPreset } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Choice, Field } from "../parts/field";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { CameraOptions } from "./camera-options";

/** As many as the program takes. */
const MOST = 8;

const FRESH: Record<EventAct["kind"], EventAct> = {
  hotspot: { kind: "hotspot", seconds: 30 },
  wall: { kind: "wall", wall: 1, seconds: 30 },
  preset: { kind: "preset", camera: null, token: "" },
  sound: { kind: "sound" },
  mark: { kind: "mark" },
};

type Props = { acts: EventAct[]; at: EventPlace; onChange: (acts: EventAct[]) => void };

export function ActFields({ acts, at, onChange }: Props) {
  return (
    <fieldset className="field-group">
      <legend>{m.page_alarm_rule_then()}</legend>
      {acts.map((act, index) => (
        <div key={index} className="rule-act">
          <Choice
            label={m.page_alarm_rule_act({ number: index + 1 })}
            value={act.kind}
            onChange={(event) => onChange(acts.with(index, FRESH[event.target.value as EventAct["kind"]]))}
          >
            <option value="hotspot">{m.page_alarm_rule_hotspot()}</option>
            <option value="wall">{m.page_alarm_rule_wall()}</option>
            <option value="preset">{m.page_alarm_rule_preset()}</option>
            <option value="sound">{m.page_alarm_rule_do_sound()}</option>
            <option value="mark">{m.page_alarm_rule_do_mark()}</option>
          </Choice>
          <Details act={act} at={at} onChange={(next) => onChange(acts.with(index, next))} />
          <IconButton label={m.page_alarm_rule_act_remove({ number: index + 1 })} onPress={() => onChange(acts.toSpliced(index, 1))}>
            <X />
          </IconButton>
        </div>
      ))}
      {acts.length < MOST ? (
        <div>
          <Button className="button" onPress={() => onChange([...acts, FRESH.sound])}>
            <Plus />
            {m.page_alarm_rule_act_add()}
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

function Details({ act, at, onChange }: { act: EventAct; at: EventPlace; onChange: (act: EventAct) => void }) {
  switch (act.kind) {
    case "hotspot":
      return <Seconds value={act.seconds} onChange={(seconds) => onChange({ ...act, seconds })} />;
    case "wall":
      return (
        <>
          <NumberField label={m.page_alarm_rule_wall_number()} value={act.wall} most={64} onChange={(wall) => onChange({ ...act, wall })} />
          <Seconds value={act.seconds} onChange={(seconds) => onChange({ ...act, seconds })} />
        </>
      );
    case "preset":
      return <PresetFields camera={act.camera} token={act.token} at={at} onChange={(camera, token) => onChange({ ...act, camera, token })} />;
    default:
      return null;
  }
}

function Seconds({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  return <NumberField label={m.page_alarm_rule_for_seconds()} value={value} most={3600} onChange={onChange} />;
}

function NumberField({ label, value, most, onChange }: { label: string; value: number; most: number; onChange: (value: number) => void }) {
  return (
    <Field
      type="number"
      label={label}
      min={1}
      max={most}
      value={value}
      onChange={(event) => {
        const typed = event.target.valueAsNumber;
        if (Number.isInteger(typed) && typed >= 1 && typed <= most) onChange(typed);
      }}
    />
  );
}

type PresetProps = { camera: Id | null; token: string; at: EventPlace; onChange: (camera: Id | null, token: string) => void };

/** Presets are the device's: it is asked for them. */
function PresetFields({ camera, token, at, onChange }: PresetProps) {
  const whose = camera ?? (at.kind === "camera" ? at.id : null);
  return (
    <>
      <Choice label={m.page_alarm_rule_camera()} value={camera ?? ""} onChange={(event) => onChange(event.target.value || null, "")}>
        <option value="">{at.kind === "camera" ? m.page_alarm_rule_that_camera() : m.page_alarm_rule_choose_camera()}</option>
        <CameraOptions />
      </Choice>
      <PresetChoice key={whose} camera={whose} token={token} onChange={(next) => onChange(camera, next)} />
    </>
  );
}

type PresetChoiceProps = { camera: Id | null; token: string; onChange: (token: string) => void };

function PresetChoice({ camera, token, onChange }: PresetChoiceProps) {
  const presets = usePresets(camera);
  const none = camera !== null && presets.length === 0;
  return (
    <Choice label={m.page_alarm_rule_preset_name()} value={token} disabled={presets.length === 0} onChange={(event) => onChange(event.target.value)}>
      <option value="">{none ? m.page_ptz_no_presets() : m.page_alarm_rule_choose_preset()}</option>
      {presets.map((preset) => (
        <option key={preset.token} value={preset.token}>
          {preset.name || preset.token}
        </option>
      ))}
      {token !== "" && !presets.some((preset) => preset.token === token) ? <option>{token}</option> : null}
    </Choice>
  );
}

function usePresets(camera: Id | null): SteerPreset[] {
  const { backend } = useApp();
  const [presets, setPresets] = useState<SteerPreset[]>([]);
  useEffect(() => {
    if (camera === null) return undefined;
    const stop = backend.onSteering((all) => setPresets((before) => all.find((each) => each.camera === camera)?.presets ?? before));
    // A camera without motors has none; nothing is chosen then.
    void backend.steerLookAt([camera]).then(() => backend.steer(camera, { kind: "presets" })).catch(() => undefined);
    return () => {
      void backend.steerLookAt([]).catch(() => undefined);
      void stop.then((end) => end());
    };
  }, [backend, camera]);
  return presets;
}
