// A device that is new: found on the network or typed, met with a login, looked at, and put into the inventory.

import { useState } from "react";
import { Button } from "react-aria-components";
import { LoaderCircle, Radar } from "lucide-react";
import type { FoundDevice, MetDevice, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useWork } from "../state/work";
import { EnrolDialog } from "./enrol-dialog";

export function Enrol() {
  const app = useApp();
  const [addresses, setAddresses] = useState("");
  const [found, setFound] = useState<FoundDevice[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  return (
    <section className="enrol" aria-labelledby="enrol-title">
      <h2 id="enrol-title">{m.page_enrol()}</h2>
      <form
        className="enrol-ask"
        onSubmit={(event) => {
          event.preventDefault();
          work(async () => {
            setFound(null);
            setFound(await app.backend.findDevices(addresses));
          });
        }}
      >
        <Field label={m.page_enrol_addresses()} hint={m.page_enrol_addresses_hint()} value={addresses} onChange={(event) => setAddresses(event.target.value)} />
        <Button type="submit" className="button" isDisabled={busy}>
          {busy ? <LoaderCircle className="busy" aria-hidden="true" /> : <Radar aria-hidden="true" />}
          {addresses.trim() === "" ? m.page_enrol_find() : m.page_enrol_ask()}
        </Button>
      </form>
      <p role="status" className="field-hint">
        {busy ? m.page_enrol_looking() : found === null ? "" : found.length === 0 ? m.page_enrol_none() : m.page_enrol_found({ count: found.length })}
      </p>
      {problem ? <InlineNotice notice={problem} /> : null}
      {found && found.length > 0 ? (
        <ul className="enrol-found">
          {found.map((device) => (
            <FoundLine key={device.address} device={device} onMeet={() => setChosen(device.address)} />
          ))}
        </ul>
      ) : null}
      {chosen === null ? null : (
        <EnrolDialog
          address={chosen}
          onClose={() => setChosen(null)}
          onEnrolled={(device: MetDevice) => {
            setChosen(null);
            setFound((all) => all?.map((each) => (each.address === chosen ? { ...each, known: device.model } : each)) ?? null);
            app.notify({ level: "info", title: m.page_enrol_done(), detail: `${device.make} ${device.model}` });
          }}
        />
      )}
    </section>
  );
}

function FoundLine({ device, onMeet }: { device: FoundDevice; onMeet: () => void }) {
  const { address, name, hardware, protocol, known } = device;
  // Of a device that speaks RTSP alone nothing can be asked: its streams are brought in by a list.
  const speaks = protocol !== "RTSP";
  const what = [name, hardware].filter((text) => text !== "").join(" · ");
  return (
    <li className="entry-line">
      <div className="entry-words">
        <bdi>{address}</bdi>
        <span className="quiet">
          <bdi>{what}</bdi>
          {what ? " · " : ""}
          {protocol}
        </span>
        {known ? <span className="quiet">{m.page_enrol_known({ name: known })}</span> : null}
        {speaks ? null : <span className="quiet">{m.page_enrol_rtsp_only()}</span>}
      </div>
      {speaks ? (
        <Button className="button" onPress={onMeet} aria-label={m.page_enrol_meet_one({ address })}>
          {m.page_enrol_meet()}
        </Button>
      ) : null}
    </li>
  );
}
