// Forms with passwords. A password lives in its field until the form is sent and nowhere else in the page: fields are
// not controlled, nothing of them is kept in state, and they are emptied before the program answers.

import { useState, type FormEvent } from "react";
import type { Notice } from "../ipc/wire";
import { noticeOf } from "../state/app";

export type SecretForm = {
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  busy: boolean;
  /** Why the program refused. */
  notice: Notice | null;
};

/** `send` gets the fields by name. A refusal is shown, and the focus goes back to where it is to be mended. */
export function useSecretForm(send: (field: (name: string) => string) => Promise<void>): SecretForm {
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState<Notice | null>(null);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (busy) return;
    const data = new FormData(form);
    wipe(form);
    setBusy(true);
    setNotice(null);
    send((name) => String(data.get(name) ?? ""))
      .catch((error: unknown) => {
        setNotice(noticeOf(error));
        form.querySelector<HTMLInputElement>("input[data-secret]")?.focus();
      })
      .finally(() => setBusy(false));
  };
  return { onSubmit, busy, notice };
}

function wipe(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-secret]")) {
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
