import { useState } from "react";
import { Button, Checkbox, Switch } from "react-aria-components";
import { Check } from "lucide-react";
import type { EventKind, EventPlace, EventRule, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Choice, Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { ActFields } from "./act-fields";
import { BetweenFields } from "./between-fields";
import { CameraOptions } from "./camera-options";
import { EVENTS, EVENT_NAMES } from "./words";

const PAUSES = [0, 10, 30, 60, 300, 900, 3600];

type Props = { rule: EventRule; onKeep: (rule: EventRule) => Promise<void>; onClose: () => void };

export function RuleDialog({ rule: before, onKeep, onClose }: Props) {
  const [rule, setRule] = useState(before);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const change = (part: Partial<EventRule>) => setRule({ ...rule, ...part });
  const whole = rule.name.trim() !== "" && rule.on.length > 0 && rule.then.length > 0 && rule.then.every((act) => act.kind !== "preset" || act.token !== "");
  const pauses = [...new Set([...PAUSES, rule.pause])].sort((a, b) => a - b);
  return (
    <CoveringDialog title={before.name ? m.page_alarm_rule_edit({ name: before.name }) : m.page_alarm_rule_add()} onClose={onClose} wide>
      <form
        className="form dialog-form rule-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (whole)
            work(async () => {
              await onKeep({ ...rule, name: rule.name.trim() });
              onClose();
            });
        }}
      >
        <Field label={m.page_alarm_rule_name()} autoFocus maxLength={100} value={rule.name} onChange={(event) => change({ name: event.target.value })} />
        <EventChecks value={rule.on} onChange={(on) => change({ on })} />
        <PlaceFields value={rule.at} onChange={(at) => change({ at })} />
        <Switch className="switch-button" isSelected={rule.between !== null} onChange={(on) => change({ between: on ? { from: 18 * 60, until: 6 * 60 } : null })}>
          <span className="switch-track" aria-hidden="true" />
          {m.page_alarm_rule_only_between()}
        </Switch>
        {rule.between ? <BetweenFields value={rule.between} onChange={(between) => change({ between })} /> : null}
        <ActFields acts={rule.then} at={rule.at} onChange={(then) => change({ then })} />
        <Choice label={m.page_alarm_rule_pause()} value={rule.pause} onChange={(event) => change({ pause: Number(event.target.value) })}>
          {pauses.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds === 0 ? m.page_alarm_rule_no_pause() : seconds < 60 ? m.page_alarm_rule_seconds({ count: seconds }) : m.page_settings_minutes({ count: seconds / 60 })}
            </option>
          ))}
        </Choice>
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || !whole}>
            {m.page_keep()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

function EventChecks({ value, onChange }: { value: EventKind[]; onChange: (value: EventKind[]) => void }) {
  return (
    <fieldset className="field-group">
      <legend>{m.page_alarm_rule_when()}</legend>
      {EVENTS.map((kind) => (
        <Checkbox
          key={kind}
          className="check"
          isSelected={value.includes(kind)}
          onChange={(on) => onChange(EVENTS.filter((each) => (each === kind ? on : value.includes(each))))}
        >
          <span className="check-box">
            <Check aria-hidden="true" />
          </span>
          {EVENT_NAMES[kind]()}
        </Checkbox>
      ))}
    </fieldset>
  );
}

function PlaceFields({ value, onChange }: { value: EventPlace; onChange: (value: EventPlace) => void }) {
  const { districts } = useStore(useApp().inventory);
  const first = districts[0];
  const site = first?.sites[0];
  const camera = site?.recorders.flatMap((recorder) => recorder.cameras)[0];
  const places: Record<EventPlace["kind"], EventPlace | null> = {
    any: { kind: "any" },
    district: first ? { kind: "district", name: first.name } : null,
    site: site ? { kind: "site", id: site.id } : null,
    camera: camera ? { kind: "camera", id: camera.id } : null,
  };
  return (
    <div className="field-row">
      <Choice
        label={m.page_alarm_rule_where()}
        value={value.kind}
        onChange={(event) => {
          const place = places[event.target.value as EventPlace["kind"]];
          if (place) onChange(place);
        }}
      >
        <option value="any">{m.page_alarm_rule_anywhere()}</option>
        <option value="district">{m.page_alarm_rule_district()}</option>
        <option value="site">{m.page_alarm_rule_site()}</option>
        <option value="camera">{m.page_alarm_rule_camera()}</option>
      </Choice>
      {value.kind === "district" ? (
        <Choice label={m.page_alarm_rule_district()} value={value.name} onChange={(event) => onChange({ kind: "district", name: event.target.value })}>
          {districts.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
      ) : null}
      {value.kind === "site" ? (
        <Choice label={m.page_alarm_rule_site()} value={value.id} onChange={(event) => onChange({ kind: "site", id: event.target.value })}>
          {districts.map((district) => (
            <optgroup key={district.name} label={district.name}>
              {district.sites.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
        </Choice>
      ) : null}
      {value.kind === "camera" ? (
        <Choice label={m.page_alarm_rule_camera()} value={value.id} onChange={(event) => onChange({ kind: "camera", id: event.target.value })}>
          <CameraOptions />
        </Choice>
      ) : null}
    </div>
  );
}
