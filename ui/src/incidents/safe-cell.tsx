// Whether a bookmark's footage is kept on this machine, and what can be done about it.

import { useState } from "react";
import { Button, ProgressBar } from "react-aria-components";
import { ArchiveRestore, RotateCcw, ShieldOff } from "lucide-react";
import type { Bookmark, SafeCopy } from "../ipc/wire";
import { sizeInWords } from "../evidence/sizes";
import { m } from "../paraglide/messages.js";
import { IconButton } from "../parts/icon-button";
import { Question } from "../parts/question";
import { useApp } from "../state/app";
import { useStore } from "../state/store";
import { percent } from "../words/numbers";
import { exactly } from "../words/times";

export function SafeCell({ bookmark }: { bookmark: Bookmark }) {
  const app = useApp();
  const copy = useStore(app.safe, (safe) => safe?.copies.find((each) => each.bookmark === bookmark.id));
  const may = app.may("export");
  if (!copy) {
    if (!may) return <span className="quiet">–</span>;
    return (
      <Button
        className="button button-small"
        aria-label={m.page_safe_keep()}
        aria-description={m.page_safe_keep_hint()}
        onPress={() => app.run(app.backend.keepBookmark(bookmark.id))}
      >
        <ArchiveRestore />
        {m.page_safe()}
      </Button>
    );
  }
  return <Copy bookmark={bookmark} copy={copy} may={may} />;
}

function Copy({ bookmark, copy, may }: { bookmark: Bookmark; copy: SafeCopy; may: boolean }) {
  const app = useApp();
  const language = useStore(app.settings, (settings) => settings.language);
  const [dropping, setDropping] = useState(false);
  const due = copy.state === "kept" || copy.overwritten_at === null ? null : m.page_safe_due({ time: exactly(copy.overwritten_at, language) });
  return (
    <div className="safe" data-state={copy.state}>
      <div className="safe-words">
        <span className="safe-state">{stateInWords(copy, language)}</span>
        {copy.state === "coming" ? (
          <ProgressBar aria-label={m.page_safe()} value={copy.share * 100}>
            <div className="progress">
              <div style={{ inlineSize: `${copy.share * 100}%` }} />
            </div>
          </ProgressBar>
        ) : null}
        {copy.text ? <span className="safe-text">{copy.text}</span> : null}
        {due ? <span className="safe-text">{due}</span> : null}
      </div>
      {copy.state === "failed" && may ? (
        <IconButton label={m.page_safe_again()} onPress={() => app.run(app.backend.keepBookmarkAgain(bookmark.id))}>
          <RotateCcw />
        </IconButton>
      ) : null}
      {copy.own && may ? (
        <IconButton label={m.page_safe_drop()} onPress={() => setDropping(true)}>
          <ShieldOff />
        </IconButton>
      ) : null}
      {dropping ? (
        <Question
          title={m.page_safe_drop()}
          yes={m.page_safe_drop()}
          onYes={() => app.run(app.backend.dropBookmarkCopy(bookmark.id))}
          onClose={() => setDropping(false)}
        >
          {m.page_safe_drop_text({ words: bookmark.words || m.page_bookmark_unnamed() })}
        </Question>
      ) : null}
    </div>
  );
}

function stateInWords(copy: SafeCopy, language: Parameters<typeof percent>[1]): string {
  switch (copy.state) {
    case "waiting":
      return copy.share > 0 ? m.page_safe_coming({ percent: percent(copy.share, language) }) : m.page_safe_waiting();
    case "coming":
      return m.page_safe_coming({ percent: percent(copy.share, language) });
    case "kept":
      return m.page_safe_kept({ size: sizeInWords(copy.bytes, language) });
    case "failed":
      return m.page_safe_failed();
  }
}
