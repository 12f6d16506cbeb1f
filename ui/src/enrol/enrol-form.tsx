import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { Check } from "lucide-react";
import type { Language, MetChannel, MetDevice, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Choice, Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { useWork } from "../state/work";
import { clockInWords } from "../words/times";

/** What recorders of 4, 8 and 16 channels send, Mb/s. */
const SENDS = [20, 30, 100];

type Props = { device: MetDevice; onClose: () => void; onEnrolled: (device: MetDevice) => void };

/** What was found, and where it goes. */
export function EnrolForm({ device, onClose, onEnrolled }: Props) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const { districts } = useStore(app.inventory);
  const usable = device.channels.filter((channel) => channel.usable);
  const [site, setSite] = useState(districts[0]?.sites[0]?.id ?? "");
  const [siteName, setSiteName] = useState("");
  const [district, setDistrict] = useState(districts[0]?.name ?? "");
  const [name, setName] = useState(`${device.make} ${device.model}`.trim());
  const [sends, setSends] = useState(usable.length > 8 ? 100 : usable.length > 4 ? 30 : 20);
  const [viewers, setViewers] = useState(6);
  const [names, setNames] = useState(() => new Map(usable.map((channel) => [channel.number, channel.name || m.page_enrol_camera({ number: channel.number })])));
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const whole = name.trim() !== "" && names.size > 0 && [...names.values()].every((each) => each.trim() !== "") && (site !== "" || siteName.trim() !== "");

  const enrol = () =>
    work(async () => {
      await app.backend.enrolDevice({
        token: device.token,
        site: site === "" ? null : site,
        site_name: siteName.trim(),
        district: district.trim(),
        name: name.trim(),
        sends_mbps: sends === 0 ? null : sends,
        viewers: viewers === 0 ? null : viewers,
        channels: [...names].map(([number, each]) => ({ number, name: each.trim() })),
      });
      onEnrolled(device);
    });

  return (
    <form
      className="dialog-frame"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) enrol();
      }}
    >
      <div className="dialog-body form">
        <Facts device={device} language={language} />
        <div className="field-row">
          <Choice label={m.page_enrol_site()} value={site} onChange={(event) => setSite(event.target.value)}>
            {districts.map((each) => (
              <optgroup key={each.name} label={each.name}>
                {each.sites.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </optgroup>
            ))}
            <option value="">{m.page_enrol_new_site()}</option>
          </Choice>
          {site === "" ? (
            <>
              <Field label={m.page_enrol_site_name()} maxLength={200} value={siteName} onChange={(event) => setSiteName(event.target.value)} />
              <Field label={m.page_alarm_rule_district()} maxLength={200} value={district} onChange={(event) => setDistrict(event.target.value)} />
            </>
          ) : null}
        </div>
        <div className="field-row">
          <Field label={m.page_enrol_name()} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
          <Choice label={m.page_enrol_sends()} value={sends} onChange={(event) => setSends(Number(event.target.value))}>
            {SENDS.map((mbps) => (
              <option key={mbps} value={mbps}>
                {m.page_enrol_mbps({ mbps })}
              </option>
            ))}
            <option value={0}>{m.page_enrol_no_limit()}</option>
          </Choice>
          <Choice label={m.page_enrol_viewers()} value={viewers} onChange={(event) => setViewers(Number(event.target.value))}>
            {[1, 2, 3, 4, 5, 6, 8, 10, 20].map((count) => (
              <option key={count}>{count}</option>
            ))}
            <option value={0}>{m.page_enrol_no_limit()}</option>
          </Choice>
        </div>
        <fieldset className="field-group">
          <legend>{m.page_enrol_channels()}</legend>
          {device.channels.map((channel) => (
            <ChannelLine
              key={channel.number}
              channel={channel}
              name={names.get(channel.number) ?? null}
              onChange={(next) => {
                const all = new Map(names);
                if (next === null) all.delete(channel.number);
                else all.set(channel.number, next);
                setNames(new Map([...all].sort(([a], [b]) => a - b)));
              }}
            />
          ))}
        </fieldset>
        {problem ? <InlineNotice notice={problem} /> : null}
      </div>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          {m.page_cancel()}
        </Button>
        <Button type="submit" className="button button-primary" isDisabled={!whole || busy}>
          {m.page_enrol_add({ count: names.size })}
        </Button>
      </div>
    </form>
  );
}

function Facts({ device, language }: { device: MetDevice; language: Language }) {
  const { clock } = device;
  const facts: [string, string][] = [
    [m.page_enrol_protocol(), device.protocol],
    [m.page_enrol_firmware(), device.firmware],
    [m.page_enrol_serial(), device.serial],
    [m.page_enrol_clock(), clock === null ? m.page_enrol_clock_unknown() : Math.abs(clock) <= 2 ? m.page_enrol_clock_right() : clockInWords(clock, language)],
    [m.page_enrol_events(), device.events ? m.page_enrol_yes() : m.page_enrol_no()],
    [m.page_enrol_certificate(), device.certificate?.replace(/(.{4})(?=.)/g, "$1 ") ?? m.page_enrol_no()],
  ];
  return (
    <dl className="enrol-facts">
      {facts
        .filter(([, value]) => value !== "")
        .map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
    </dl>
  );
}

function ChannelLine({ channel, name, onChange }: { channel: MetChannel; name: string | null; onChange: (name: string | null) => void }) {
  const { number, profiles, usable, ptz, sound } = channel;
  const can = [...profiles, ptz ? m.page_enrol_ptz() : "", sound ? m.page_enrol_sound() : "", usable ? "" : m.page_enrol_not_usable()].filter((text) => text !== "");
  const usual = channel.name || m.page_enrol_camera({ number });
  return (
    <div className="enrol-channel">
      <Checkbox className="check" aria-label={m.page_enrol_take({ number })} isDisabled={!usable} isSelected={name !== null} onChange={(on) => onChange(on ? usual : null)}>
        <span className="check-box">
          <Check aria-hidden="true" />
        </span>
        {number}
      </Checkbox>
      <Field
        label={m.page_enrol_camera_name({ number })}
        hint={can.join("  |  ")}
        maxLength={200}
        disabled={name === null}
        value={name ?? usual}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
