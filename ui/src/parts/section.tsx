import { useId, type ReactNode } from "react";

type Props = { title: string; text?: string; actions?: ReactNode; className?: string; children?: ReactNode };

/** A part of a workspace with a heading of its own. */
export function Section({ title, text, actions, className = "", children }: Props) {
  const id = useId();
  return (
    <section className={`section ${className}`} aria-labelledby={id}>
      <header className="section-head">
        <h2 id={id}>{title}</h2>
        {actions}
      </header>
      {text ? <p className="section-text">{text}</p> : null}
      {children}
    </section>
  );
}
