import { useState } from "react";
import { Button } from "react-aria-components";
import type { MetDevice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { PasswordField } from "../session/password-field";
import { useSecretForm } from "../session/secret-form";
import { useApp } from "../state/app";
import { EnrolForm } from "./enrol-form";

type Props = { address: string; onClose: () => void; onEnrolled: (device: MetDevice) => void };

/** First the login, which is tried once; then what was found. */
export function EnrolDialog({ address, onClose, onEnrolled }: Props) {
  const [device, setDevice] = useState<MetDevice | null>(null);
  return (
    <CoveringDialog title={device ? m.page_enrol_title({ model: `${device.make} ${device.model}` }) : m.page_enrol_meet_one({ address })} onClose={onClose} wide>
      {device ? <EnrolForm device={device} onClose={onClose} onEnrolled={onEnrolled} /> : <Meeting address={address} onClose={onClose} onMet={setDevice} />}
    </CoveringDialog>
  );
}

function Meeting({ address, onClose, onMet }: { address: string; onClose: () => void; onMet: (device: MetDevice) => void }) {
  const app = useApp();
  const form = useSecretForm(async (field) => onMet(await app.backend.meetDevice(address, field("user").trim(), field("password"))));
  return (
    <form className="dialog-frame" onSubmit={form.onSubmit} autoComplete="off">
      <div className="dialog-body form">
        <Field label={m.page_login_user()} name="user" maxLength={128} autoFocus />
        <PasswordField label={m.page_password()} name="password" autoComplete="off" />
        <p className="field-hint">{m.page_login_once()}</p>
        {form.notice ? <InlineNotice notice={form.notice} /> : null}
        {form.busy ? <p role="status">{m.page_enrol_meeting()}</p> : null}
      </div>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          {m.page_cancel()}
        </Button>
        <Button type="submit" className="button button-primary" isPending={form.busy}>
          {m.page_enrol_meet()}
        </Button>
      </div>
    </form>
  );
}
