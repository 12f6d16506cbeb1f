import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { Check } from "lucide-react";
import type { Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { CoveringDialog } from "../parts/covering";
import { Field } from "../parts/field";
import { InlineNotice } from "../parts/inline-notice";
import { useApp } from "../state/app";
import { useWork } from "../state/work";

type Props = {
  title: string;
  name: string;
  shared: boolean;
  onKeep: (name: string, shared: boolean) => Promise<void>;
  onClose: () => void;
};

export function NameDialog({ title, name: before, shared: sharedBefore, onKeep, onClose }: Props) {
  const [name, setName] = useState(before);
  const [shared, setShared] = useState(sharedBefore);
  const [problem, setProblem] = useState<Notice | null>(null);
  const { busy, work } = useWork(setProblem);
  const keep = () =>
    work(async () => {
      await onKeep(name.trim(), shared);
      onClose();
    });
  return (
    <CoveringDialog title={title} onClose={onClose}>
      <form
        className="form dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) keep();
        }}
      >
        <Field label={m.page_saved_name()} autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        <SharedChoice shared={shared} onShared={setShared} />
        {problem ? <InlineNotice notice={problem} /> : null}
        <div className="form-actions">
          <Button className="button" onPress={onClose}>
            {m.page_cancel()}
          </Button>
          <Button type="submit" className="button button-primary" isDisabled={busy || name.trim() === ""}>
            {m.page_keep()}
          </Button>
        </div>
      </form>
    </CoveringDialog>
  );
}

/** Only for those who may share; for others what they keep is their own. */
export function SharedChoice({ shared, onShared }: { shared: boolean; onShared: (shared: boolean) => void }) {
  const app = useApp();
  if (!app.may("share_layouts")) return null;
  return (
    <Checkbox className="check" isSelected={shared} onChange={onShared}>
      <span className="check-box">
        <Check aria-hidden="true" />
      </span>
      {m.page_saved_share()}
    </Checkbox>
  );
}
