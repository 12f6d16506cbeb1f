// Sealing a package with a passphrase, and the second person's release.

import { useState } from "react";
import { Button } from "react-aria-components";
import type { Export, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { PasswordField } from "../session/password-field";
import { useApp } from "../state/app";
import { useWork } from "../state/work";
import { ReadBar } from "./read-bar";

type Props = { export: Export; onClose: () => void };

const SHORTEST = 10;

export function SealDialog({ export: each, onClose }: Props) {
  const app = useApp();
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const differs = again !== "" && again !== passphrase;
  const ready = passphrase.length >= SHORTEST && again === passphrase;
  const seal = () =>
    work(async () => {
      const path = await app.backend.sealPackage(each.id, passphrase);
      app.notify({ level: "info", title: m.page_package_sealed(), detail: path });
      onClose();
    });
  return (
    <CoveringDialog title={m.page_package_seal_title({ name: each.name })} onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) seal();
        }}
      >
        <PasswordField autoComplete="new-password" label={m.page_package_passphrase()} name="passphrase" autoFocus value={passphrase} onChange={(event) => setPassphrase(event.target.value)} />
        <PasswordField autoComplete="new-password" label={m.page_package_passphrase_again()} name="again" value={again} onChange={(event) => setAgain(event.target.value)} />
        {busy ? <ReadBar path={each.path} /> : null}
        <p className="field-hint">{differs ? m.page_package_passphrase_differs() : m.page_package_passphrase_hint()}</p>
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isPending={busy} isDisabled={!ready}>
            {m.page_package_seal()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

export function ReleaseDialog({ export: each, onClose }: Props) {
  const app = useApp();
  const [remark, setRemark] = useState("");
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const release = () =>
    work(async () => {
      await app.backend.releasePackage(each.id, remark);
      onClose();
    });
  return (
    <CoveringDialog title={m.page_package_release_title({ name: each.name })} onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          release();
        }}
      >
        <p className="dialog-words">{m.page_package_release_text()}</p>
        {busy ? <ReadBar path={each.path} /> : null}
        <Field label={m.page_package_remark()} name="remark" autoFocus maxLength={500} value={remark} onChange={(event) => setRemark(event.target.value)} />
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isPending={busy}>
            {m.page_package_release()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}
