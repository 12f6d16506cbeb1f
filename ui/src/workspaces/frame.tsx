// The frame of everything that is not the wall: a bar with the heading and what can be done there, and the content.

import { useEffect, useRef, type ReactNode } from "react";
import { BarEnd } from "../topbar/bar-end";
import { fullName } from "./words";
import type { Workspace } from "./workspaces";

type Props = {
  workspace: Workspace;
  /** Buttons that stand in the bar behind the heading. */
  actions?: ReactNode;
  children: ReactNode;
};

/** The focus comes to the heading, so that a screen reader says where it is and Tab goes on from there. */
export function Frame({ workspace, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <header className="top-bar">
        <h1 ref={heading} tabIndex={-1} className="workspace-title" id="workspace-title">
          {fullName(workspace)}
        </h1>
        <span className="bar-space" />
        {actions}
        <BarEnd />
      </header>
      <main className="workspace" data-workspace={workspace} aria-labelledby="workspace-title">
        {children}
      </main>
    </>
  );
}
