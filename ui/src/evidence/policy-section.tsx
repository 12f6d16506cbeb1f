// How packages are made and judged here, for administrators: four eyes, and whose keys are known.

import { useEffect, useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { Check } from "lucide-react";
import type { EvidenceKey, EvidencePolicy } from "../ipc/wire";
import { m } from "../paraglide/messages.js";
import { Field } from "../parts/field";
import { Section } from "../parts/section";
import { useApp } from "../state/app";
import { useWork } from "../state/work";

export function PolicySection() {
  const app = useApp();
  const [policy, setPolicy] = useState<EvidencePolicy | null>(null);
  const [key, setKey] = useState("");
  const [owner, setOwner] = useState("");
  const { busy, work } = useWork();
  useEffect(() => {
    app.backend.evidencePolicy().then(setPolicy, app.refused);
  }, [app]);
  const change = (what: () => Promise<void>) =>
    work(async () => {
      await what();
      setPolicy(await app.backend.evidencePolicy());
    });
  const enrol = ({ key, owner }: EvidenceKey, enrolled: boolean) => change(() => app.backend.enrolEvidenceKey(key, owner, enrolled));
  if (!policy) return null;
  return (
    <Section title={m.page_evidence_policy()} className="evidence-policy">
      <Checkbox className="check" isSelected={policy.four_eyes} onChange={(fourEyes) => change(() => app.backend.setFourEyes(fourEyes))}>
        <span className="check-box">
          <Check aria-hidden="true" />
        </span>
        {m.page_evidence_four_eyes()}
      </Checkbox>
      <h3>{m.page_evidence_keys()}</h3>
      <p className="section-text">{policy.keys.length === 0 ? m.page_evidence_keys_none() : m.page_evidence_keys_text()}</p>
      {policy.keys.length > 0 ? <Keys keys={policy.keys} busy={busy} onEnrol={enrol} /> : null}
      <form
        className="field-row evidence-add"
        onSubmit={(event) => {
          event.preventDefault();
          change(async () => {
            await app.backend.enrolEvidenceKey(key, owner, true);
            setKey("");
            setOwner("");
          });
        }}
      >
        <Field label={m.page_evidence_key_add()} name="key" placeholder={m.page_evidence_key_example()} value={key} onChange={(event) => setKey(event.target.value)} />
        <Field label={m.page_evidence_key_owner()} name="owner" value={owner} onChange={(event) => setOwner(event.target.value)} />
        <Button type="submit" className="button" isDisabled={busy || key.trim() === ""}>
          {m.page_evidence_enrol()}
        </Button>
      </form>
    </Section>
  );
}

type KeysProps = { keys: EvidenceKey[]; busy: boolean; onEnrol: (key: EvidenceKey, enrolled: boolean) => void };

function Keys({ keys, busy, onEnrol }: KeysProps) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{m.page_evidence_key_owner()}</th>
          <th scope="col">{m.page_evidence_fingerprint()}</th>
          <th scope="col">{m.page_evidence_key_state()}</th>
          <th scope="col">
            <span className="unseen">{m.page_actions()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.key}>
            <th scope="row">
              <bdi>{key.owner || "–"}</bdi>
            </th>
            <td>
              <code>{key.fingerprint}</code>
            </td>
            <td>{key.enrolled ? m.page_evidence_enrolled() : m.page_evidence_not_enrolled()}</td>
            <td className="table-actions">
              <Button className="button button-small" isDisabled={busy} onPress={() => onEnrol(key, !key.enrolled)}>
                {key.enrolled ? m.page_evidence_revoke() : m.page_evidence_enrol()}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
