// A path that is typed, or chosen in the system's own dialog.

import type { ComponentProps } from "react";
import { FileLock2, FolderOpen } from "lucide-react";
import type { Choosing, Notice } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { IconButton } from "../parts/icon-button";
import { useApp } from "../state/app";
import { useWork } from "../state/work";

type Props = Omit<ComponentProps<typeof Field>, "value" | "onChange" | "children"> & {
  value: string;
  onPath: (path: string) => void;
  onProblem: (problem: Notice | null) => void;
  /** A sealed package will do, too. */
  sealed?: boolean;
};

export function PathField({ value, onPath, onProblem, sealed = false, ...field }: Props) {
  const app = useApp();
  const { busy, work } = useWork(onProblem);
  const choose = (what: Choosing) =>
    work(async () => {
      const chosen = await app.backend.choosePath(what, value);
      if (chosen !== null) onPath(chosen);
    });
  return (
    <Field {...field} value={value} onChange={(event) => onPath(event.target.value)}>
      <IconButton label={m.page_choose_folder()} isDisabled={busy} onPress={() => choose("folder")}>
        <FolderOpen />
      </IconButton>
      {sealed ? (
        <IconButton label={m.page_choose_sealed()} isDisabled={busy} onPress={() => choose("sealed_file")}>
          <FileLock2 />
        </IconButton>
      ) : null}
    </Field>
  );
}
