import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { Notice, RecordVerdict } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CopyButton } from "../parts/copy-button";
import { CoveringDialog } from "../parts/covering";
import { InlineNotice } from "../parts/inline-notice";
import { noticeOf, useApp } from "../state/app";
import { records as counted } from "../words/counts";

/** Whether the log is as it was written, what that proves, and what to write down. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const [verdict, setVerdict] = useState<RecordVerdict | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);
  useEffect(() => {
    app.backend.verifyRecords().then(setVerdict, (error: unknown) => setNotice(noticeOf(error)));
  }, [app]);
  return (
    <CoveringDialog title={m.page_verify_title()} onClose={onClose}>
      <div className="dialog-body form">
        {notice ? <InlineNotice notice={notice} /> : null}
        {verdict === null && notice === null ? <p role="status">{m.page_verifying()}</p> : null}
        {verdict ? <Verdict verdict={verdict} /> : null}
      </div>
      <div className="dialog-actions">
        {verdict ? <CopyButton text={() => verdict.anchor} label={m.page_anchor_copy()} /> : null}
        <Button className="button button-primary" onPress={onClose}>
          {m.page_close()}
        </Button>
      </div>
    </CoveringDialog>
  );
}

function Verdict({ verdict }: { verdict: RecordVerdict }) {
  const Sign = verdict.sound ? ShieldCheck : ShieldAlert;
  return (
    <>
      <p className="verdict" data-sound={verdict.sound} role="status">
        <Sign aria-hidden="true" />
        {verdict.sound
          ? m.page_verdict_sound({ records: counted(verdict.records) })
          : m.page_verdict_faults({ records: counted(verdict.records) })}
      </p>
      {verdict.faults.length > 0 ? (
        <ul className="faults">
          {verdict.faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      ) : null}
      <p className="dialog-words">{verdict.meaning}</p>
      <div>
        <p className="quiet">{m.page_anchor()}</p>
        <p className="anchor">{verdict.anchor}</p>
      </div>
    </>
  );
}
