// A labelled text field, and the line under it.

import { useId, type ComponentProps, type ReactNode } from "react";

type Props = Omit<ComponentProps<"input">, "id"> & { label: string; hint?: ReactNode; children?: ReactNode };

export function Field({ label, hint, children, ...input }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={hint ? `${id}-hint` : undefined}
          {...input}
          id={id}
        />
        {children}
      </div>
      {hint ? (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

type ChoiceProps = Omit<ComponentProps<"select">, "id"> & { label: string };

/** One of a few; the system's own list, which every keyboard and screen reader knows. */
export function Choice({ label, children, ...select }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box" data-choice>
        <select {...select} id={id}>
          {children}
        </select>
      </div>
    </div>
  );
}
