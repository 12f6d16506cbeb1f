// What a person keeps of their own: the password, the second factor, and their logins for devices.

import { useStore } from "../state/store";
import { useApp } from "../state/app";
import { Frame } from "../workspaces/frame";
import { LoginsSection } from "./logins-section";
import { PasswordSection } from "./password-section";
import { PersonSection } from "./person-section";
import { SecondFactorSection } from "./second-factor";

export function MeView() {
  const person = useStore(useApp().session, (session) => session?.person ?? null);
  if (!person) return null;
  return (
    <Frame workspace="me">
      <div className="me">
        <div className="me-column">
          <PersonSection person={person} />
          <PasswordSection person={person} />
          <SecondFactorSection person={person} />
        </div>
        {person.may.includes("enter_credentials") ? <LoginsSection /> : null}
      </div>
    </Frame>
  );
}
