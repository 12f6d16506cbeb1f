import { useState } from "react";
import { Button } from "react-aria-components";
import type { Account, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { InlineNotice } from "../parts/inline-notice";
import { NewPassword } from "../session/new-password";
import { useSecretForm } from "../session/secret-form";
import { noticeOf, useApp } from "../state/app";
import { isolated } from "../words/names";

type Props = { account: Account; onClose: (changed: boolean) => void };

/** For somebody who has forgotten theirs: a new first password. */
export function ResetDialog({ account, onClose }: Props) {
  const app = useApp();
  const [ready, setReady] = useState(false);
  const form = useSecretForm(async (field) => {
    await app.backend.resetPassword(account.account, field("password"));
    onClose(true);
  });
  return (
    <CoveringDialog title={m.page_account_reset()} onClose={() => onClose(false)}>
      <form className="dialog-frame" onSubmit={form.onSubmit} autoComplete="off">
        <div className="dialog-body form">
          {form.notice ? <InlineNotice notice={form.notice} /> : null}
          <p className="dialog-words">{m.page_account_reset_text({ name: isolated(account.name) })}</p>
          <NewPassword account={account.account} secondFactor={false} first onReady={setReady} />
          <p className="field-hint">{m.page_password_first_hint()}</p>
        </div>
        <div className="dialog-actions">
          <Button className="button" onPress={() => onClose(false)}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={!ready} isPending={form.busy}>
            {m.page_account_reset()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

export function DisableDialog({ account, onClose }: Props) {
  const app = useApp();
  const [notice, setNotice] = useState<Notice | null>(null);
  const disable = () => {
    app.backend.setAccountDisabled(account.account, true).then(
      () => onClose(true),
      (error: unknown) => setNotice(noticeOf(error)),
    );
  };
  return (
    <CoveringDialog title={m.page_account_disable()} alert onClose={() => onClose(false)}>
      <div className="dialog-body form">
        {notice ? <InlineNotice notice={notice} /> : null}
        <p className="dialog-words">{m.page_account_disable_text({ name: isolated(account.name) })}</p>
      </div>
      <div className="dialog-actions">
        <Button className="button" autoFocus onPress={() => onClose(false)}>
          {m.page_cancel()}
        </Button>
        <Button className="button button-danger" onPress={disable}>
          {m.page_account_disable()}
        </Button>
      </div>
    </CoveringDialog>
  );
}
